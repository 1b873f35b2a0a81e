package io.ordersync.wire;

import org.apache.kafka.common.errors.RetriableException;

/**
 * The schema registry could not be asked, at none of its URLs and in none of the attempts: out of reach, too slow, failing,
 * refusing who asks, or answering what no registry answers. It says nothing about the record, which may be tried again.
 */
public final class RegistryUnavailableException extends RetriableException {

    private static final long serialVersionUID = 1;

    RegistryUnavailableException(String message) {
        super(message);
    }

    RegistryUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
