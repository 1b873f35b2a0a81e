package io.ordersync.domain;

import java.time.Instant;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * What a courier said to a command. What it charged decides nothing and is not kept.
 *
 * @param commandId of the INTERCEPT or CANCEL it answers; of one not sent (yet) it waits
 * @param reason null: not told
 * @param occurredAt UTC, by the courier's clock
 */
public record InterceptResult(
        Source source,
        String eventId,
        String commandId,
        Status status,
        @Nullable Reason reason,
        Instant occurredAt) implements Fact {

    /** What became of it. UNKNOWN, also a symbol of a newer schema: the courier was asked, and nobody knows. */
    public enum Status {
        UNKNOWN,
        ACCEPTED,
        SUCCEEDED,
        FAILED,
        REJECTED,
        CANCELLED,
        NOT_APPLIED
    }

    /** Why. A symbol of a newer schema is read as UNKNOWN. */
    public enum Reason {
        UNKNOWN,
        NOT_PICKED_UP,
        TOO_LATE,
        DELIVERED,
        ALREADY_RETURNING,
        ALREADY_INTERCEPTED,
        UNSUPPORTED,
        NOT_LABEL_OWNER,
        FEE_EXCEEDED,
        NOT_FOUND,
        COURIER_ERROR,
        OTHER
    }

    /** Which of two answers to one command stands, the smaller: the earliest final one, else the latest. */
    static final Comparator<InterceptResult> BY_STANDING = (one, other) -> {
        if (one.isFinal() != other.isFinal()) {
            return one.isFinal() ? -1 : 1;
        }
        int earlier = Comparator.comparing(InterceptResult::occurredAt)
                .thenComparing(InterceptResult::eventId)
                .compare(one, other);
        return one.isFinal() ? earlier : -earlier;
    };

    public InterceptResult {
        eventId = Rejection.id("eventId", eventId);
        commandId = Rejection.id("commandId", commandId);
    }

    /** Of these the earliest stands, whatever else was said. */
    boolean isFinal() {
        return switch (status) {
            case SUCCEEDED, FAILED, REJECTED, CANCELLED -> true;
            case UNKNOWN, ACCEPTED, NOT_APPLIED -> false;
        };
    }

    @Override
    public Instant at() {
        return occurredAt;
    }

    @Override
    public @Nullable String subject() {
        return null;
    }
}
