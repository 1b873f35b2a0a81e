package io.confluent.kafka.schemaregistry.client.rest.exceptions;

/** Stands in for Confluent's: any answer of the registry, or of something before it, that is no 200. */
public class RestClientException extends Exception {
    private final int status;
    private final int errorCode;

    public RestClientException(String message, int status, int errorCode) {
        super(message + "; error code: " + errorCode);
        this.status = status;
        this.errorCode = errorCode;
    }

    public int getStatus() {
        return status;
    }

    public int getErrorCode() {
        return errorCode;
    }
}
