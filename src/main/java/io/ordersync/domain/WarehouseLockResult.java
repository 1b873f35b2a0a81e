package io.ordersync.domain;

import java.time.Instant;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * What a warehouse did with a command.
 *
 * @param commandId of the LOCK, PULL_PARCEL or RELEASE it answers; of one not sent (yet) it waits
 * @param refusal why it REFUSED; null: not told
 * @param operatorId pseudonym of who answered; null: not told
 * @param occurredAt UTC, by the warehouse system's clock
 */
public record WarehouseLockResult(
        Source source,
        String eventId,
        String commandId,
        Status status,
        @Nullable Refusal refusal,
        @Nullable String operatorId,
        Instant occurredAt)
        implements Fact {

    /** What was done. UNKNOWN, a symbol of a newer schema, is no answer. */
    public enum Status {
        UNKNOWN,
        LOCKED,
        REFUSED,
        RELEASED,
        PULLED
    }

    /** Why it was not done. A symbol of a newer schema is read as UNKNOWN, and taken as OTHER. */
    public enum Refusal {
        UNKNOWN,
        ORDER_UNKNOWN,
        ALREADY_SHIPPED,
        LABEL_PRINTED,
        ALREADY_PACKED,
        UNSUPPORTED,
        OTHER
    }

    /** Which of two answers to one command stands, the smaller: a final one before others, then the earliest. */
    static final Comparator<WarehouseLockResult> BY_STANDING = Comparator.comparing(
                    (WarehouseLockResult result) -> !result.isFinal())
            .thenComparing(WarehouseLockResult::occurredAt)
            .thenComparing(WarehouseLockResult::eventId);

    public WarehouseLockResult {
        eventId = Rejection.id("eventId", eventId);
        commandId = Rejection.id("commandId", commandId);
        operatorId = operatorId == null || operatorId.isBlank() ? null : operatorId.strip();
    }

    /** A warehouse that does not know the order yet keeps the command, and may still obey. */
    boolean isFinal() {
        return status != Status.UNKNOWN && !(status == Status.REFUSED && refusal == Refusal.ORDER_UNKNOWN);
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
