package io.ordersync.wire;

import org.apache.kafka.common.errors.SerializationException;

/** The registry answers, but it does not know the schema of a record, or the schema can't be read as the reader's. */
public final class UnknownSchemaException extends SerializationException {

    private static final long serialVersionUID = 1;

    UnknownSchemaException(String message) {
        super(message);
    }

    UnknownSchemaException(String message, Throwable cause) {
        super(message, cause);
    }
}
