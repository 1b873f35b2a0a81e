package io.ordersync.messaging;

import org.apache.kafka.common.errors.RetriableException;

/**
 * The schema registry could not be asked: out of reach, too slow, failing, or answering what no registry answers. It says
 * nothing about the record that needed it, which must wait or be read again, and never goes to the dead letters.
 */
public final class RegistryUnavailable extends RetriableException {

    private static final long serialVersionUID = 1;

    RegistryUnavailable(String message) {
        super(message);
    }

    RegistryUnavailable(String message, Throwable cause) {
        super(message, cause);
    }
}
