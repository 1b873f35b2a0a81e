package io.ordersync.domain;

/**
 * An input that can't be taken in. It goes to the dead letters, with the reason and a message that names the field and
 * never its value; the partition goes on.
 */
public final class Rejection extends RuntimeException {

    private static final long serialVersionUID = 1;

    /** Why, as it stands in the dead letter's header. */
    public enum Reason {
        /** The bytes are not in Confluent's format, or are not Avro of the schema they name. */
        UNREADABLE,
        /** The registry knows no schema of that id, or one that can't be read as the record of the topic. */
        UNKNOWN_SCHEMA,
        /** The record breaks a rule of its own. */
        INVALID_FIELD,
        /** The order has as many refunds or parcels as are kept. */
        TOO_MANY,
        /** The service failed on it: a bug of ours, kept with the bytes that show it. */
        INTERNAL_ERROR
    }

    private final Reason reason;

    public Rejection(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    public Rejection(Reason reason, String message, Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }

    /** {@code id} without surrounding white space. */
    static String id(String field, String id) {
        String stripped = id.strip();
        if (stripped.isEmpty()) {
            throw invalid(field + " is blank");
        }
        return stripped;
    }

    static void atLeastOne(String field, long quantity) {
        if (quantity < 1) {
            throw invalid(field + " is below 1");
        }
    }

    static void atMost(int limit, String field, int size) {
        if (size > limit) {
            throw invalid(field + " has more than " + limit + " entries");
        }
    }

    static Rejection invalid(String message) {
        return new Rejection(Reason.INVALID_FIELD, message);
    }
}
