package io.ordersync.domain;

import io.ordersync.domain.Sent.Intercept;
import io.ordersync.domain.Sent.Pull;
import io.ordersync.domain.Sent.Recall;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What was said to what was sent (CONTRACT.md, Answers). Answers to commands that were not sent are not among it. */
final class Answers {

    /** How many generations of a PULL_PARCEL are listened to: those before were taken back long ago. */
    private static final int PULLS = 20;

    private final OrderFacts facts;
    private final Ids ids;
    private final @Nullable Instant asOf;

    /** @param asOf what was said later is not heard; null: all is */
    Answers(OrderFacts facts, Ids ids, @Nullable Instant asOf) {
        this.facts = facts;
        this.ids = ids;
        this.asOf = asOf;
    }

    Answers upTo(Instant moment) {
        return new Answers(facts, ids, moment);
    }

    @Nullable
    WarehouseLockResult toLock(LockKey key, long generation) {
        return warehouse(() -> ids.lock(key, generation));
    }

    @Nullable
    WarehouseLockResult toRelease(LockKey key, Sent.Lock lock) {
        return warehouse(() -> ids.release(key, lock.generation()));
    }

    @Nullable
    WarehouseLockResult toPull(String shipmentId, Pull pull) {
        return warehouse(() -> ids.pullParcel(shipmentId, pull.generation()));
    }

    @Nullable
    WarehouseLockResult toRelease(String shipmentId, Pull pull) {
        return warehouse(() -> ids.releaseParcel(shipmentId, pull.generation()));
    }

    @Nullable
    InterceptResult toIntercept(String shipmentId, Intercept intercept) {
        return courier(() -> ids.intercept(shipmentId, intercept.generation()));
    }

    /** @param commandId is not asked for while nobody has answered: an id is dear */
    private @Nullable WarehouseLockResult warehouse(Supplier<UUID> commandId) {
        WarehouseLockResult result = facts.lockResults().isEmpty()
                ? null
                : facts.lockResults().get(commandId.get().toString());
        return result == null || isLater(result) ? null : result;
    }

    private @Nullable InterceptResult courier(Supplier<UUID> commandId) {
        InterceptResult result = facts.interceptResults().isEmpty()
                ? null
                : facts.interceptResults().get(commandId.get().toString());
        return result == null || isLater(result) ? null : result;
    }

    private boolean isLater(Fact answer) {
        return asOf != null && answer.at().isAfter(asOf);
    }

    /** When the warehouse took the parcel off the bench last; null: it did not. */
    @Nullable
    Instant pulledAt(String shipmentId, Recall recall) {
        Pull pull = recall.pull();
        if (pull == null || facts.lockResults().isEmpty()) {
            return null;
        }
        return IntStream.rangeClosed(Math.max(1, pull.generation() - PULLS), pull.generation())
                .mapToObj(generation -> pulledAt(shipmentId, generation))
                .filter(Objects::nonNull)
                .max(Comparator.naturalOrder())
                .orElse(null);
    }

    /** Once it was put back for a RELEASE, it is as if it had never been pulled. */
    private @Nullable Instant pulledAt(String shipmentId, int generation) {
        WarehouseLockResult pulled = warehouse(() -> ids.pullParcel(shipmentId, generation));
        if (pulled == null || pulled.status() != WarehouseLockResult.Status.PULLED) {
            return null;
        }
        WarehouseLockResult released = warehouse(() -> ids.releaseParcel(shipmentId, generation));
        boolean putBack = released != null
                && released.status() == WarehouseLockResult.Status.RELEASED
                && !released.occurredAt().isBefore(pulled.occurredAt());
        return putBack ? null : pulled.occurredAt();
    }

    /** Did the warehouse say that it can't take the parcel off the bench? */
    boolean isPullRefused(String shipmentId, Recall recall) {
        Pull pull = recall.pull();
        WarehouseLockResult result = pull == null || pull.released() != null ? null : toPull(shipmentId, pull);
        return result != null && result.status() == WarehouseLockResult.Status.REFUSED;
    }

    /** When the courier said that a CANCEL of ours took effect; null: it did not say so. */
    @Nullable
    Instant cancelledAt(String shipmentId, Intercept intercept) {
        if (facts.interceptResults().isEmpty()) {
            return null;
        }
        return Stream.of(
                        courier(() -> ids.cancel(shipmentId, intercept.generation())),
                        intercept.cancelled() == null ? null : toIntercept(shipmentId, intercept))
                .filter(Objects::nonNull)
                .filter(result -> result.status() == InterceptResult.Status.CANCELLED)
                .map(InterceptResult::occurredAt)
                .min(Comparator.naturalOrder())
                .orElse(null);
    }

    /** When the courier said that the parcel comes back; null: it did not, or the recall was cancelled. */
    @Nullable
    Instant comesBackSince(String shipmentId, Recall recall) {
        if (facts.interceptResults().isEmpty()) {
            return null;
        }
        return recall.intercepts().stream()
                .filter(intercept -> cancelledAt(shipmentId, intercept) == null)
                .map(intercept -> toIntercept(shipmentId, intercept))
                .filter(Objects::nonNull)
                .filter(Answers::saysItComesBack)
                .map(InterceptResult::occurredAt)
                .min(Comparator.naturalOrder())
                .orElse(null);
    }

    static boolean saysItComesBack(InterceptResult result) {
        return result.status() == InterceptResult.Status.SUCCEEDED
                || (isRefusal(result)
                        && (result.reason() == InterceptResult.Reason.ALREADY_RETURNING
                                || result.reason() == InterceptResult.Reason.ALREADY_INTERCEPTED));
    }

    /** Did the recall end without effect, by the courier's word? */
    static boolean isRefusal(InterceptResult result) {
        return switch (result.status()) {
            case FAILED, REJECTED, CANCELLED -> true;
            case UNKNOWN, ACCEPTED, SUCCEEDED, NOT_APPLIED -> false;
        };
    }

    /** Is no more to be expected of an INTERCEPT? */
    boolean hasEnded(String shipmentId, Intercept intercept) {
        InterceptResult result = toIntercept(shipmentId, intercept);
        return result != null && (result.isFinal() || result.status() == InterceptResult.Status.NOT_APPLIED);
    }

    /** A parcel as it is by what was told of it, and said to its recall. */
    Parcel parcel(ShipmentCreated made, ParcelTold told, Recall recall) {
        List<Scan> seen = asOf == null
                ? told.scans()
                : told.scans().stream().filter(scan -> !scan.at().isAfter(asOf)).toList();
        Instant pulledAt = pulledAt(made.shipmentId(), recall);
        Parcel.Absence absence = told.isVoid(seen, asOf)
                ? Parcel.Absence.VOIDED
                : pulledAt != null && told.isPulled(seen, pulledAt) ? Parcel.Absence.PULLED : Parcel.Absence.NONE;
        return new Parcel(made, seen, absence, of(made, seen, recall));
    }

    private Parcel.RecallAnswer of(ShipmentCreated made, List<Scan> seen, Recall recall) {
        Instant comesBackSince = comesBackSince(made.shipmentId(), recall);
        if (comesBackSince != null && !hasLeftAgain(seen, comesBackSince)) {
            return Parcel.RecallAnswer.COMES_BACK;
        }
        Intercept latest = recall.intercept();
        InterceptResult result =
                latest == null || latest.cancelled() != null ? null : toIntercept(made.shipmentId(), latest);
        if (latest == null || result == null || !isRefusal(result)) {
            return Parcel.RecallAnswer.NONE;
        }
        if (result.reason() == InterceptResult.Reason.DELIVERED) {
            return Parcel.RecallAnswer.DELIVERED;
        }
        return result.reason() == InterceptResult.Reason.UNSUPPORTED
                        && latest.courier().equals(made.courier())
                ? Parcel.RecallAnswer.UNSUPPORTED
                : Parcel.RecallAnswer.NONE;
    }

    /** Did a parcel that came back go out once more? What its courier said before is over then. */
    private static boolean hasLeftAgain(List<Scan> seen, Instant comesBackSince) {
        return !seen.isEmpty()
                && seen.getLast().stage() != ParcelStage.RETURNED
                && seen.stream()
                        .anyMatch(scan -> scan.stage() == ParcelStage.RETURNED
                                && !scan.at().isBefore(comesBackSince));
    }

    /** The ids of all commands that an answer may be to. */
    Set<String> commandIds(Sent sent) {
        Set<UUID> all = new HashSet<>();
        sent.locks().forEach((key, lock) -> {
            all.add(ids.lock(key, lock.first().generation()));
            all.add(ids.lock(key, lock.generation()));
            all.add(ids.release(key, lock.generation()));
        });
        sent.recalls().forEach((shipmentId, recall) -> {
            Pull pull = recall.pull();
            if (pull != null) {
                IntStream.rangeClosed(Math.max(1, pull.generation() - PULLS), pull.generation())
                        .forEach(generation -> {
                            all.add(ids.pullParcel(shipmentId, generation));
                            all.add(ids.releaseParcel(shipmentId, generation));
                        });
            }
            recall.intercepts().forEach(intercept -> {
                all.add(ids.intercept(shipmentId, intercept.generation()));
                all.add(ids.cancel(shipmentId, intercept.generation()));
            });
        });
        Set<String> texts = new HashSet<>();
        all.forEach(id -> texts.add(id.toString()));
        return texts;
    }
}
