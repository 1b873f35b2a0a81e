package io.ordersync.domain;

import io.ordersync.domain.Alert.Action;
import io.ordersync.domain.Alert.Code;
import io.ordersync.domain.Alert.Details;
import io.ordersync.domain.Alert.Severity;
import io.ordersync.domain.Alert.State;
import io.ordersync.domain.Effect.Certainty;
import io.ordersync.domain.Effect.Evidence;
import io.ordersync.domain.Sent.Intercept;
import io.ordersync.domain.Sent.Issue;
import io.ordersync.domain.Sent.Pull;
import io.ordersync.domain.Sent.Recall;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Which alerts of an order hold: the rows of its parcels, and what became of the commands. Made anew for each decision. */
final class Conditions {

    /** With the parcel, its scan, the LOCK, the INTERCEPT and their answers, 50: as many as a case has (CONTRACT.md, Case). */
    private static final int MAX_REFUNDS_AS_EVIDENCE = 44;

    private final OrderKey order;
    private final Ids ids;
    private final Desired desired;
    private final Picture picture;
    private final SortedMap<LockKey, Sent.Lock> locks;
    private final SortedMap<String, Recall> recalls;
    private final Answers answers;
    private final Policy policy;
    private final Instant now;
    private final SortedMap<AlertKey, Alert> holding = new TreeMap<>();

    Conditions(OrderKey order, Ids ids, Desired desired, Answers answers, Policy policy, Instant now) {
        this.order = order;
        this.ids = ids;
        this.desired = desired;
        this.picture = desired.picture();
        this.locks = picture.sent().locks();
        this.recalls = picture.sent().recalls();
        this.answers = answers;
        this.policy = policy;
        this.now = now;
        if (!locks.isEmpty()) {
            // What came back, is gone or was pulled did ship: a LOCK that was too late for it is no news again.
            Locks everShipped = areAllOut()
                    ? desired.locks()
                    : new Locks(picture, new Reckoning(picture, parcel -> !parcel.isVoid(), false));
            locks.forEach((key, lock) -> lock(key, lock, everShipped));
        }
        recalls.forEach(this::recall);
        desired.races().values().forEach(this::race);
        if (desired.excess().reckoning().isAnythingRefunded()) {
            picture.parcels().values().forEach(this::reship);
        }
    }

    /** But for those that are void. */
    private boolean areAllOut() {
        for (Parcel parcel : picture.parcels().values()) {
            if (parcel.isOut() == parcel.isVoid()) {
                return false;
            }
        }
        return true;
    }

    /** All that are FIRING now. */
    SortedMap<AlertKey, Alert> holding() {
        return holding;
    }

    private void hold(
            Code code,
            String subject,
            Severity severity,
            Action action,
            Details details,
            Instant occurredAt,
            Instant detectedAt) {
        AlertKey key = new AlertKey(code, subject);
        holding.put(
                key,
                new Alert(
                        ids.alert(key),
                        ids.orderCase(),
                        code,
                        severity,
                        State.FIRING,
                        action,
                        details,
                        occurredAt,
                        detectedAt));
    }

    // ---------------------------------------------------------------------------------------- about commands

    private void lock(LockKey key, Sent.Lock lock, Locks wanted) {
        Issue release = lock.released();
        if (release != null) {
            if (release.overdue() && answers.toRelease(key, lock) == null) {
                unanswered(ids.release(key, lock.generation()), release, ofLock(key, lock, null));
            }
            return;
        }
        RefundApproved refund = picture.refunds().get(key.refundId());
        if (refund == null || !wanted.isStillToShip(refund)) {
            // What was to be held back has shipped: from here on the parcels tell.
            return;
        }
        WarehouseLockResult result = answers.toLock(key, lock.generation());
        if (result == null || !result.isFinal()) {
            if (lock.issued().overdue()) {
                unanswered(ids.lock(key, lock.generation()), lock.issued(), ofLock(key, lock, result));
            }
        } else if (result.status() == WarehouseLockResult.Status.REFUSED) {
            Code code = refused(result.refusal());
            Severity severity = code == Code.LOCK_UNSUPPORTED ? Severity.MEDIUM : Severity.HIGH;
            Action action = code == Code.PULL_AT_BENCH ? Action.PULL : Action.REVIEW;
            String id = ids.lock(key, lock.generation()).toString();
            hold(code, id, severity, action, ofLock(key, lock, result), result.occurredAt(), now);
        }
    }

    private static Code refused(WarehouseLockResult.@Nullable Refusal refusal) {
        return switch (refusal) {
            case LABEL_PRINTED, ALREADY_PACKED -> Code.PULL_AT_BENCH;
            case UNSUPPORTED -> Code.LOCK_UNSUPPORTED;
            case null -> Code.LOCK_TOO_LATE;
            case UNKNOWN, ALREADY_SHIPPED, OTHER, ORDER_UNKNOWN -> Code.LOCK_TOO_LATE;
        };
    }

    private void unanswered(UUID commandId, Issue issue, Details details) {
        hold(
                Code.LOCK_UNANSWERED,
                commandId.toString(),
                Severity.MEDIUM,
                Action.REVIEW,
                details,
                Deadlines.answerBy(issue),
                now);
    }

    private void recall(String shipmentId, Recall recall) {
        Parcel parcel = Objects.requireNonNull(picture.parcels().get(shipmentId));
        Race race = desired.races().get(shipmentId);
        Pull pull = recall.pull();
        if (pull != null) {
            pull(parcel, pull, race);
        }
        if (race != null) {
            recall.intercepts().forEach(intercept -> intercept(race, recall, intercept));
        }
        failedCancel(parcel, recall);
    }

    private void pull(Parcel parcel, Pull pull, @Nullable Race race) {
        Issue release = pull.released();
        if (release != null) {
            if (release.overdue() && answers.toRelease(parcel.id(), pull) == null) {
                unanswered(
                        ids.releaseParcel(parcel.id(), pull.generation()),
                        release,
                        aboutParcel(parcel.made(), List.of(pull.refundId()), List.of()));
            }
        } else if (race != null && pull.issued().overdue() && answers.toPull(parcel.id(), pull) == null) {
            unanswered(ids.pullParcel(parcel.id(), pull.generation()), pull.issued(), ofRace(race));
        }
    }

    private void intercept(Race race, Recall recall, Intercept intercept) {
        if (intercept.cancelled() != null) {
            return;
        }
        boolean latest = intercept.equals(recall.intercept());
        String id = ids.intercept(race.shipmentId(), intercept.generation()).toString();
        InterceptResult result = answers.toIntercept(race.shipmentId(), intercept);
        if (result == null) {
            if (latest && intercept.issued().overdue()) {
                Instant answerBy = Deadlines.answerBy(intercept.issued());
                hold(Code.INTERCEPT_UNANSWERED, id, Severity.MEDIUM, Action.REVIEW, ofRace(race), answerBy, now);
            }
            return;
        }
        if (latest && result.status() == InterceptResult.Status.UNKNOWN) {
            Instant at = result.occurredAt();
            hold(Code.INTERCEPT_UNKNOWN, id, Severity.MEDIUM, Action.REVIEW, ofRace(race), at, now);
        }
        Row row = Row.of(race, policy);
        if (latest
                && race.parcel().recall() == Parcel.RecallAnswer.UNSUPPORTED
                && (row == Row.MIXED || row == Row.SUSPECTED)) {
            // Where the policy allows its INTERCEPT, the alert of that row stays.
            Severity severity =
                    severity(Row.WITHOUT_INTERCEPT, race, timing(race).type());
            Instant at = result.occurredAt();
            hold(Code.INTERCEPT_UNSUPPORTED, race.shipmentId(), severity, Action.REVIEW, ofRace(race), at, now);
        }
        boolean failed = Answers.isRefusal(result) && !saysMoreThanFailed(result);
        // One that was not applied is sent again, once; this one was not.
        boolean givenUp = latest && result.status() == InterceptResult.Status.NOT_APPLIED && wasSentAgain(race, recall);
        if (failed || givenUp) {
            Action action = result.reason() == InterceptResult.Reason.FEE_EXCEEDED ? Action.WRITE_OFF : Action.REVIEW;
            hold(Code.INTERCEPT_FAILED, id, Severity.HIGH, action, ofRace(race), result.occurredAt(), now);
        }
    }

    /** Is the parcel's own alert the answer? */
    private static boolean saysMoreThanFailed(InterceptResult result) {
        return Answers.saysItComesBack(result)
                || result.reason() == InterceptResult.Reason.DELIVERED
                || result.reason() == InterceptResult.Reason.UNSUPPORTED;
    }

    private boolean wasSentAgain(Race race, Recall recall) {
        return recall.intercepts().stream()
                        .map(each -> answers.toIntercept(race.shipmentId(), each))
                        .filter(Objects::nonNull)
                        .filter(each -> each.status() == InterceptResult.Status.NOT_APPLIED)
                        .count()
                > 1;
    }

    /** A parcel that is paid for comes back all the same. */
    private void failedCancel(Parcel parcel, Recall recall) {
        Intercept latest = recall.intercept();
        // What shadow withheld calls nothing back.
        Instant since = latest == null || latest.shadow() ? null : comesBackPaidSince(parcel, recall, latest);
        if (latest == null || since == null) {
            return;
        }
        String id = ids.intercept(parcel.id(), latest.generation()).toString();
        List<Evidence> evidence = new ArrayList<>();
        add(evidence, parcel.made());
        addIntercept(evidence, parcel.id(), latest);
        Details details = aboutParcel(parcel.made(), latest.refundIds(), evidence);
        hold(Code.CANCEL_FAILED, id, Severity.HIGH, Action.REVIEW, details, since, now);
    }

    private @Nullable Instant comesBackPaidSince(Parcel parcel, Recall recall, Intercept latest) {
        boolean unpaid = desired.isRecallDue(parcel, latest.cancelled() != null, policy)
                || desired.excess().reckoning().isRefundedForComingBack(parcel);
        if (unpaid || parcel.stage() == ParcelStage.DELIVERED) {
            return null;
        }
        Instant since = Stream.of(
                        answers.comesBackSince(parcel.id(), recall),
                        cancelOverdueSince(parcel, recall),
                        seenComingBackSince(parcel, answers.cancelledAt(parcel.id(), latest)))
                .filter(Objects::nonNull)
                .min(Comparator.naturalOrder())
                .orElse(null);
        boolean resolved = since != null
                && picture.facts().resolutions().stream()
                        .anyMatch(each -> picture.isCovered(each, parcel)
                                && !each.resolvedAt().isBefore(since));
        return resolved ? null : since;
    }

    private @Nullable Instant cancelOverdueSince(Parcel parcel, Recall recall) {
        return recall.intercepts().stream()
                .filter(intercept -> answers.cancelledAt(parcel.id(), intercept) == null)
                .map(Intercept::cancelled)
                .filter(Objects::nonNull)
                .filter(Issue::overdue)
                .map(Deadlines::answerBy)
                .min(Comparator.naturalOrder())
                .orElse(null);
    }

    /** All the same: after the courier said that it would not. */
    private static @Nullable Instant seenComingBackSince(Parcel parcel, @Nullable Instant cancelledAt) {
        if (parcel.stage() != ParcelStage.RETURNING && parcel.stage() != ParcelStage.RETURNED) {
            return null;
        }
        return parcel.scans().stream()
                .filter(scan -> scan.stage() == ParcelStage.RETURNING || scan.stage() == ParcelStage.RETURNED)
                .map(Scan::at)
                .filter(at -> cancelledAt == null || at.isAfter(cancelledAt))
                .min(Comparator.naturalOrder())
                .orElse(null);
    }

    // ----------------------------------------------------------------------------------------- about parcels

    private void race(Race race) {
        Row row = Row.of(race, policy);
        if (row.code() == null || (row == Row.DIGITAL && !race.isParcelMadeAfterRefund())) {
            return;
        }
        Severity severity = severity(row, race, timing(race).type());
        hold(
                row.code(),
                race.shipmentId(),
                severity,
                action(row, race),
                ofRace(race),
                occurredAt(race),
                race.foundAt());
    }

    /** What is delivered after a recall turned it round may have been signed by its sender. */
    private Action action(Row row, Race race) {
        boolean turned = row == Row.DELIVERED
                && picture.sent().recall(race.shipmentId()).wasIntercepted()
                && race.parcel().wasEver(ParcelStage.RETURNING);
        return turned ? Action.REVIEW : row.action();
    }

    /** For what a courier answered, when he did. */
    private Instant occurredAt(Race race) {
        Intercept latest = picture.sent().recall(race.shipmentId()).intercept();
        InterceptResult result = latest == null ? null : answers.toIntercept(race.shipmentId(), latest);
        boolean byAnswer = race.parcel().recall() == Parcel.RecallAnswer.UNSUPPORTED
                || (race.parcel().recall() == Parcel.RecallAnswer.DELIVERED
                        && race.parcel().stage() != ParcelStage.DELIVERED);
        return byAnswer && result != null ? result.occurredAt() : race.occurredAt();
    }

    private Severity severity(Row row, Race race, RaceTiming.Type type) {
        return switch (row) {
            case NOT_HEARD_OF -> Severity.LOW;
            case DELIVERED, LOST_OR_DAMAGED -> Severity.HIGH;
            case DIGITAL, COMING_BACK -> Severity.MEDIUM;
            case MIXED, SUSPECTED, WITHOUT_INTERCEPT, WORTH_LESS_THAN_THE_FEE, ON_THE_BENCH, ON_ITS_WAY -> {
                Severity severity = type == RaceTiming.Type.SHIPMENT_FIRST ? Severity.MEDIUM : Severity.HIGH;
                yield isCritical(race) ? severity.oneStepUp() : severity;
            }
        };
    }

    private boolean isCritical(Race race) {
        Long critical =
                race.currency() == null ? null : policy.criticalExposureMinor().get(race.currency());
        return critical != null && race.exposureMinor() != null && race.exposureMinor() >= critical;
    }

    private void reship(Parcel parcel) {
        boolean isReship = parcel.made().purpose() == ShipmentCreated.Purpose.RESHIP && parcel.isOut();
        if (!isReship || desired.races().containsKey(parcel.id())) {
            return;
        }
        List<RefundApproved> refunds = picture.refunds().values().stream()
                .filter(refund -> refund.kind().counts())
                .sorted(RefundApproved.BY_APPROVAL)
                .toList();
        Instant occurredAt = Stream.of(
                        refunds.getFirst().approvedAt(), parcel.made().createdAt())
                .max(Comparator.naturalOrder())
                .orElseThrow();
        List<String> refundIds =
                refunds.stream().map(RefundApproved::refundId).sorted().toList();
        Details details = aboutParcel(parcel.made(), refundIds, evidence(refunds, parcel));
        hold(Code.RESHIP_AFTER_REFUND, parcel.id(), Severity.LOW, Action.NONE, details, occurredAt, now);
    }

    /** How the first of its refunds and a parcel in excess met. */
    RaceTiming timing(Race race) {
        return RaceTiming.of(race.firstRefund(), race.parcel().made(), warning(race), policy.clockTolerance());
    }

    private RaceTiming.@Nullable Warning warning(Race race) {
        LockKey key = warningKey(race);
        Sent.Lock lock = locks.get(key);
        if (lock == null) {
            return null;
        }
        WarehouseLockResult result = answers.toLock(key, lock.first().generation());
        return new RaceTiming.Warning(lock.first().issuedAt(), result != null && result.isFinal() ? result : null);
    }

    /** The LOCK on the parcel's warehouse, else the one on all. */
    private LockKey warningKey(Race race) {
        String refundId = race.firstRefund().refundId();
        LockKey its = new LockKey(refundId, race.parcel().made().warehouseId());
        return locks.containsKey(its) ? its : new LockKey(refundId, null);
    }

    // ----------------------------------------------------------------------------------------------- details

    private Details ofRace(Race race) {
        ShipmentCreated made = race.parcel().made();
        return new Details(
                timing(race),
                race.exposureMinor(),
                race.currency(),
                race.certainty(),
                race.refundIds(),
                List.of(race.shipmentId()),
                orNone(made.trackingNumber()),
                race.lines(),
                race.collateral(order.orderId()),
                made.warehouseId(),
                made.operatorId(),
                made.courier(),
                race.categories(),
                evidence(race));
    }

    private List<Evidence> evidence(Race race) {
        List<Evidence> evidence = evidence(race.holding().refunds(), race.parcel());
        LockKey key = warningKey(race);
        Sent.Lock lock = locks.get(key);
        if (lock != null && !lock.shadow()) {
            long generation = lock.first().generation();
            evidence.add(sent(
                    Evidence.Kind.LOCK, ids.lock(key, generation), lock.first().issuedAt()));
            add(evidence, answers.toLock(key, generation));
        }
        Row row = Row.of(race, policy);
        if (row == Row.DELIVERED || row == Row.LOST_OR_DAMAGED) {
            ParcelTold told = Objects.requireNonNull(picture.facts().parcels().get(race.shipmentId()));
            add(evidence, told.lastStatus());
        }
        Intercept latest = picture.sent().recall(race.shipmentId()).intercept();
        if (latest != null && !latest.shadow()) {
            addIntercept(evidence, race.shipmentId(), latest);
        }
        return evidence;
    }

    private void addIntercept(List<Evidence> evidence, String shipmentId, Intercept intercept) {
        UUID id = ids.intercept(shipmentId, intercept.generation());
        evidence.add(sent(Evidence.Kind.INTERCEPT, id, intercept.issued().at()));
        add(evidence, answers.toIntercept(shipmentId, intercept));
    }

    /** Does nothing when {@code fact} is null. */
    static void add(List<Evidence> evidence, @Nullable Fact fact) {
        if (fact != null) {
            evidence.add(Evidence.of(fact));
        }
    }

    private static Evidence sent(Evidence.Kind kind, UUID id, Instant at) {
        return new Evidence(kind, id.toString(), at, null);
    }

    private static List<Evidence> evidence(List<RefundApproved> refunds, Parcel parcel) {
        List<Evidence> evidence = new ArrayList<>();
        for (RefundApproved refund : refunds.subList(0, Math.min(refunds.size(), MAX_REFUNDS_AS_EVIDENCE))) {
            add(evidence, refund);
        }
        add(evidence, parcel.made());
        return evidence;
    }

    private Details ofLock(LockKey key, Sent.Lock lock, @Nullable WarehouseLockResult result) {
        RefundApproved refund = picture.refunds().get(key.refundId());
        List<Evidence> evidence = new ArrayList<>();
        add(evidence, refund);
        evidence.add(sent(
                Evidence.Kind.LOCK,
                ids.lock(key, lock.generation()),
                lock.issued().at()));
        add(evidence, result);
        return new Details(
                null,
                null,
                null,
                Certainty.CONFIRMED,
                List.of(key.refundId()),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                key.warehouseId(),
                result == null ? null : result.operatorId(),
                null,
                List.of(),
                evidence);
    }

    /** A parcel, without what is in excess. */
    static Details aboutParcel(ShipmentCreated made, List<String> refundIds, List<Evidence> evidence) {
        return new Details(
                null,
                null,
                null,
                Certainty.CONFIRMED,
                refundIds,
                List.of(made.shipmentId()),
                orNone(made.trackingNumber()),
                List.of(),
                List.of(),
                made.warehouseId(),
                made.operatorId(),
                made.courier(),
                List.of(),
                evidence);
    }

    private static List<String> orNone(@Nullable String one) {
        return one == null ? List.of() : List.of(one);
    }

    /** Nothing but a name. */
    static Details named(@Nullable String refundId, @Nullable String shipmentId) {
        return new Details(
                null,
                null,
                null,
                Certainty.CONFIRMED,
                orNone(refundId),
                orNone(shipmentId),
                List.of(),
                List.of(),
                List.of(),
                null,
                null,
                null,
                List.of(),
                List.of());
    }
}
