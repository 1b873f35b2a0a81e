package io.ordersync.messaging;

import io.ordersync.wire.UnknownSchemaException;
import java.io.EOFException;
import java.io.IOException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.SchemaParseException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.SerializationException;

/**
 * What it means that a serializer or deserializer failed: ours, or one that fails as Confluent's does. Its classes are not
 * there to be named, and it wraps whatever happens in Kafka's SerializationException: the chain of causes tells.
 */
enum Failure {
    /** The registry could not be asked, or its answer says nothing about the record: it must wait. */
    OUT_OF_REACH,
    /** The registry does not know the schema, or it is none that can be read. */
    UNKNOWN_SCHEMA,
    /** The registry takes no such schema; or the bytes or the record do not fit it. */
    UNFIT,
    /** Something else, which another attempt or another record would not change: a bug, or a wrong setting. */
    BUG;

    private static final String REST_CLIENT_EXCEPTION =
            "io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException";

    static Failure of(RuntimeException failure) {
        List<Throwable> chain = chain(failure);
        for (Throwable cause : chain) {
            if (cause instanceof RetriableException) {
                return OUT_OF_REACH;
            }
            if (cause instanceof UnknownSchemaException || cause instanceof SchemaParseException) {
                return UNKNOWN_SCHEMA;
            }
            if (cause.getClass().getName().equals(REST_CLIENT_EXCEPTION)) {
                return ofAnswer(number(cause, "getStatus"), number(cause, "getErrorCode"));
            }
        }
        if (chain.stream().anyMatch(cause -> isOfAvro(cause) || isIncompatible(cause))) {
            return UNFIT;
        }
        if (chain.stream().anyMatch(IOException.class::isInstance)) {
            return OUT_OF_REACH;
        }
        return failure instanceof SerializationException || !(failure instanceof KafkaException) ? UNFIT : BUG;
    }

    /** As for ours: what finds nothing and has no code of the registry's is something before it. */
    private static Failure ofAnswer(int status, int code) {
        if (status == 404 && (code == 404 || code / 100 == 404)) {
            return UNKNOWN_SCHEMA;
        }
        return status == 409 || status == 422 ? UNFIT : OUT_OF_REACH;
    }

    /** Avro's decoder ends in an EOFException too; those of a connection are wrapped in others. */
    private static boolean isOfAvro(Throwable cause) {
        return cause instanceof AvroRuntimeException
                || cause.getClass() == EOFException.class
                || (cause instanceof IOException
                        && cause.getClass().getPackageName().startsWith("org.apache.avro"));
    }

    /** Confluent's serializer says so with {@code latest.compatibility.strict}: it is no failure to ask. */
    private static boolean isIncompatible(Throwable cause) {
        return cause.getClass() == IOException.class
                && String.valueOf(cause.getMessage()).startsWith("Incompatible schema");
    }

    private static List<Throwable> chain(Throwable failure) {
        List<Throwable> chain = new ArrayList<>();
        for (Throwable cause = failure; cause != null && chain.size() < 20; cause = cause.getCause()) {
            chain.add(cause);
        }
        return chain;
    }

    private static int number(Throwable answer, String getter) {
        try {
            Method method = answer.getClass().getMethod(getter);
            return method.invoke(answer) instanceof Integer number ? number : 0;
        } catch (ReflectiveOperationException e) {
            return 0;
        }
    }
}
