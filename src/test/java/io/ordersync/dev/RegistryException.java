package io.ordersync.dev;

/** An answer of the registry that is an error: HTTP status, Confluent's error code, and why. */
final class RegistryException extends RuntimeException {
    private final int status;
    private final int code;

    RegistryException(int status, int code, String message) {
        super(message);
        this.status = status;
        this.code = code;
    }

    int status() {
        return status;
    }

    int code() {
        return code;
    }
}
