package io.ordersync.domain;

import io.ordersync.domain.Effect.Evidence;
import io.ordersync.domain.Excess.Holding;
import io.ordersync.domain.Sent.Intercept;
import io.ordersync.domain.Sent.Issue;
import io.ordersync.domain.Sent.Pull;
import io.ordersync.domain.Sent.Recall;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What should be in force less what was sent: the commands, the alerts and the case to send now. Made anew for each decision.
 */
final class Difference {

    private final OrderKey order;
    private final OrderFacts facts;
    private final OrderRecord before;
    private final Policy policy;
    private final Instant now;
    private final Ids ids;
    private final Answers answers;
    private final Alerts alerts;
    private final SortedMap<LockKey, Sent.Lock> locks;
    private final SortedMap<String, Recall> recalls;
    private final List<Effect> commands = new ArrayList<>();
    private final List<Effect> withheld = new ArrayList<>();
    private final List<Evidence> issued = new ArrayList<>();
    private int changes;
    private @Nullable OrderCase orderCase;
    private @Nullable Instant due;

    /**
     * @param facts all that is known now
     * @param before what was known, and what was sent for it
     * @param now wall clock
     */
    Difference(OrderKey order, OrderFacts facts, OrderRecord before, Policy policy, Instant now) {
        this.order = order;
        this.facts = facts;
        this.before = before;
        this.policy = policy;
        this.now = now;
        this.ids = new Ids(order);
        this.answers = new Answers(facts, ids, null);
        this.alerts = new Alerts(ids, facts, before.sent(), policy, now);
        this.locks = new TreeMap<>(before.sent().locks());
        this.recalls = new TreeMap<>(before.sent().recalls());
        this.orderCase = before.orderCase();
        this.due = before.due();
    }

    /** The commands first, then the alerts, then the case. */
    List<Effect> effects() {
        List<Effect> effects = new ArrayList<>(commands);
        effects.addAll(alerts.toSend());
        if (orderCase != null && !orderCase.equals(before.orderCase())) {
            effects.add(orderCase);
        }
        return effects;
    }

    /** Commands that the shadow mode keeps from being sent. */
    List<Effect> withheld() {
        return withheld;
    }

    /** What is known and sent from now on. */
    OrderRecord next(long lastArrivalHour) {
        return new OrderRecord(facts, sent(), orderCase, due, before.erasing(), lastArrivalHour);
    }

    private Sent sent() {
        return new Sent(locks, recalls, alerts.firing(), alerts.skewed());
    }

    void tellClockSkew(Fact fact) {
        alerts.tellClockSkew(fact);
    }

    /** Ends all that is open, since nobody was heard of it for too long. */
    void close() {
        alerts.send(Map.of());
        if (orderCase != null && orderCase.isOpen()) {
            orderCase = orderCase.closed(OrderCase.Outcome.UNKNOWN, orderCase.evidence(), now, now);
        }
    }

    /**
     * @param news the fact that is new; null: a deadline passed
     * @param stale does it not stand? Then it is no evidence
     */
    void reckon(@Nullable Fact news, boolean stale) {
        Desired desired = desired();
        lock(desired);
        // Units stay with a parcel once a command was sent for it, and no longer once it was taken back: look again.
        boolean changed = recall(desired);
        for (int rounds = 0; changed && rounds < 2 * facts.parcels().size(); rounds++) {
            desired = desired();
            // An answer that was there before its command has its effect now: what was pulled has not shipped.
            lock(desired);
            changed = recall(desired);
        }
        // The alerts tell what was sent just now, too. What is in excess does not depend on the locks.
        Sent sent = sent();
        desired = changed ? desired() : desired.after(sent);
        Conditions conditions = new Conditions(order, ids, desired, answers, policy, now);
        alerts.send(conditions.holding());
        List<Evidence> evidence = new ArrayList<>();
        if (news != null && !stale) {
            evidence.add(Evidence.of(news));
        }
        evidence.addAll(issued);
        orderCase = new Cases(ids, desired, conditions, answers, now).next(before.orderCase(), news, evidence);
        due = new Deadlines(answers, policy).next(sent, desired.races());
    }

    private Desired desired() {
        return Desired.of(Picture.of(facts, sent(), ids), now);
    }

    /** @return was a command sent or taken back? */
    private boolean recall(Desired desired) {
        if (recalls.isEmpty() && desired.races().isEmpty()) {
            return false;
        }
        int changesBefore = changes;
        SortedSet<String> parcels = new TreeSet<>(recalls.keySet());
        parcels.addAll(desired.races().keySet());
        parcels.forEach(shipmentId -> recall(shipmentId, desired));
        return changes > changesBefore;
    }

    /** @param shadow is the command not to be sent, since all is in shadow or what it takes back was? */
    private void issue(Effect command, boolean shadow) {
        changes++;
        if (shadow) {
            withheld.add(command);
            return;
        }
        commands.add(command);
        Evidence.Kind kind = command instanceof LockCommand ? Evidence.Kind.LOCK : Evidence.Kind.INTERCEPT;
        issued.add(new Evidence(kind, command.id().toString(), now, null));
    }

    // ---------------------------------------------------------------------------------------------------- locks

    private void lock(Desired desired) {
        Locks wanted = desired.locks();
        SortedSet<String> refundIds = new TreeSet<>(desired.picture().refunds().keySet());
        locks.keySet().forEach(key -> refundIds.add(key.refundId()));
        refundIds.forEach(refundId -> lock(refundId, desired.picture().refunds().get(refundId), wanted));
    }

    /** @param refund null: it no longer stands */
    private void lock(String refundId, @Nullable RefundApproved refund, Locks wantedLocks) {
        SortedMap<LockKey, Sent.Lock> standing = new TreeMap<>();
        locks.forEach((key, lock) -> {
            if (key.refundId().equals(refundId) && lock.released() == null) {
                standing.put(key, lock);
            }
        });
        if (refund == null) {
            standing.forEach((key, lock) -> release(key, lock, LockCommand.Reason.REFUND_CLOSED));
            return;
        }
        boolean replaces = standing.values().stream().anyMatch(lock -> lock.generation() < refund.version());
        boolean freed = wantedLocks.isFreed(refund);
        SortedMap<LockKey, Locks.Wanted> wanted = wantedLocks.of(refund, replaces);
        standing.forEach((key, lock) -> {
            boolean isFormer = lock.generation() < refund.version();
            if (freed) {
                release(key, lock, LockCommand.Reason.CASE_RESOLVED);
            } else if (!refund.kind().counts()
                    || (isFormer && !wanted.containsKey(key))
                    || !Locks.namedBy(refund).contains(key)) {
                release(key, lock, LockCommand.Reason.REFUND_CHANGED);
            }
        });
        wanted.forEach((key, units) -> {
            Sent.Lock last = locks.get(key);
            if (last == null || last.generation() < refund.version()) {
                boolean changed = replaces || last != null;
                lock(key, refund.version(), units, changed);
            }
        });
    }

    private void lock(LockKey key, long generation, Locks.Wanted units, boolean changed) {
        Sent.Lock last = locks.get(key);
        locks.put(
                key,
                new Sent.Lock(
                        last == null ? new Sent.Lock.First(generation, now) : last.first(),
                        generation,
                        toWarehouse(policy.shadow()),
                        null,
                        policy.shadow()));
        issue(
                new LockCommand(
                        ids.lock(key, generation),
                        LockCommand.Action.LOCK,
                        null,
                        generation,
                        key.refundId(),
                        null,
                        key.warehouseId(),
                        units.wholeOrder(),
                        units.lines(),
                        null,
                        null,
                        changed ? LockCommand.Reason.REFUND_CHANGED : LockCommand.Reason.REFUND_APPROVED,
                        now,
                        warehouseAnswersBy()),
                policy.shadow());
    }

    private void release(LockKey key, Sent.Lock lock, LockCommand.Reason reason) {
        boolean shadow = policy.shadow() || lock.shadow();
        locks.put(key, lock.takenBack(toWarehouse(shadow)));
        issue(
                new LockCommand(
                        ids.release(key, lock.generation()),
                        LockCommand.Action.RELEASE,
                        ids.lock(key, lock.generation()),
                        lock.generation(),
                        key.refundId(),
                        null,
                        key.warehouseId(),
                        false,
                        List.of(),
                        null,
                        null,
                        reason,
                        now,
                        warehouseAnswersBy()),
                shadow);
    }

    private @Nullable Instant warehouseAnswersBy() {
        return policy.lockAnswerWithin() == null || !policy.awaitsLockAnswers()
                ? null
                : now.plus(policy.lockAnswerWithin());
    }

    private Issue toWarehouse(boolean shadow) {
        return new Issue(now, shadow ? null : warehouseAnswersBy(), false);
    }

    private Instant courierAnswersBy() {
        return now.plus(policy.interceptAnswerWithin());
    }

    private Issue toCourier(boolean shadow) {
        return new Issue(now, policy.awaitsInterceptAnswers() && !shadow ? courierAnswersBy() : null, false);
    }

    // --------------------------------------------------------------------------------------- one parcel's recall

    private void recall(String shipmentId, Desired desired) {
        Parcel parcel = Objects.requireNonNull(desired.picture().parcels().get(shipmentId));
        Recall recall = recalls.getOrDefault(shipmentId, Recall.NONE);
        Race race = desired.races().get(shipmentId);

        Pull pull = recall.pull();
        Race toBePulled = race != null && race.isToBePulled(policy) ? race : null;
        Holding holding = pull == null ? null : desired.holdingOfRecalled(parcel);
        if (pull != null && pull.released() == null && !mayStand(pull, parcel, holding, toBePulled != null)) {
            pull = release(parcel, pull);
        }
        if (toBePulled != null && (!asksFor(pull, toBePulled) || wasObeyed(parcel, pull))) {
            pull = pull(toBePulled, pull);
        }
        List<Intercept> intercepts = new ArrayList<>(recall.intercepts());
        Intercept latest = recall.intercept();
        if (latest != null
                && latest.cancelled() == null
                && !answers.hasEnded(shipmentId, latest)
                && (parcel.isPulled() || !isDue(parcel, desired) || travelsOtherwise(parcel, latest))) {
            latest = cancel(parcel, latest);
            intercepts.set(intercepts.size() - 1, latest);
        }
        Recall next = new Recall(race == null ? null : race.foundAt(), pull, intercepts);
        if (race != null && isToBeIntercepted(race, next) && isToBeSentAnew(parcel, next)) {
            intercepts.add(intercept(race, latest));
            if (intercepts.size() > Recall.MAX_INTERCEPTS) {
                intercepts.removeFirst();
            }
        }

        if (race == null && pull == null && intercepts.isEmpty()) {
            recalls.remove(shipmentId);
        } else {
            recalls.put(shipmentId, new Recall(next.foundAt(), pull, intercepts));
        }
    }

    /** Is an INTERCEPT due, or did it end well: the parcel came back or is gone, and the buyer was refunded for that? */
    private boolean isDue(Parcel parcel, Desired desired) {
        return desired.isRecallDue(parcel, false, policy)
                || (parcel.isBackOrGone() && desired.excess().reckoning().isRefundedForComingBack(parcel));
    }

    /** On the bench only once the warehouse can't take it off, or had its time. */
    private boolean isToBeIntercepted(Race race, Recall recall) {
        return switch (Row.recallOf(race, policy)) {
            case NOW -> true;
            case LATER -> {
                Pull pull = recall.pull();
                yield pull != null
                        && pull.released() == null
                        && (pull.graceOver() || answers.isPullRefused(race.shipmentId(), recall));
            }
            case NEVER, IF_THE_ROWS_BELOW_DO -> false;
        };
    }

    /**
     * Is there no INTERCEPT that stands, or one that is known to have had no effect, and none before that failed alike? On
     * doubt none is sent again.
     */
    private boolean isToBeSentAnew(Parcel parcel, Recall recall) {
        Intercept latest = recall.intercept();
        if (latest == null || latest.cancelled() != null || travelsOtherwise(parcel, latest)) {
            return true;
        }
        InterceptResult result = answers.toIntercept(parcel.id(), latest);
        if (result == null) {
            return false;
        }
        if (result.status() == InterceptResult.Status.NOT_APPLIED) {
            return answered(parcel, recall, Difference::isNotApplied) == 1;
        }
        return isNotPickedUp(result)
                && parcel.isUnderWaySince(result.occurredAt())
                && answered(parcel, recall, Difference::isNotPickedUp) == 1;
    }

    private long answered(Parcel parcel, Recall recall, Predicate<InterceptResult> alike) {
        return recall.intercepts().stream()
                .map(intercept -> answers.toIntercept(parcel.id(), intercept))
                .filter(Objects::nonNull)
                .filter(alike)
                .count();
    }

    private static boolean isNotApplied(InterceptResult result) {
        return result.status() == InterceptResult.Status.NOT_APPLIED;
    }

    private static boolean isNotPickedUp(InterceptResult result) {
        return Answers.isRefusal(result) && result.reason() == InterceptResult.Reason.NOT_PICKED_UP;
    }

    /** Not for a parcel that holds nothing in excess, in a warehouse where it no longer is, or for units that are paid by now. */
    private static boolean mayStand(Pull pull, Parcel parcel, @Nullable Holding holding, boolean toBePulled) {
        if (holding == null || parcel.made().digital()) {
            return false;
        }
        if (toBePulled) {
            // Other units are sent anew, with a generation of their own.
            return !isElsewhere(pull, parcel.made());
        }
        boolean asksForPaid = pull.units().isEmpty()
                ? holding.mixed()
                : !Units.of(pull.units()).fitsIn(Units.of(holding.units()));
        return !(parcel.mayBeOnTheBench() && asksForPaid);
    }

    private static boolean isElsewhere(Pull pull, ShipmentCreated made) {
        return pull.warehouseId() != null
                && made.warehouseId() != null
                && !pull.warehouseId().equals(made.warehouseId());
    }

    private static boolean asksFor(@Nullable Pull pull, Race race) {
        return pull != null
                && pull.released() == null
                && pull.units().equals(race.holding().units());
    }

    /** Did the warehouse take the parcel off the bench before it was packed anew? */
    private boolean wasObeyed(Parcel parcel, @Nullable Pull pull) {
        WarehouseLockResult result = pull == null ? null : answers.toPull(parcel.id(), pull);
        return result != null && result.status() == WarehouseLockResult.Status.PULLED;
    }

    /** Did tracking number or courier change after the INTERCEPT? One that is no longer told has not changed. */
    private static boolean travelsOtherwise(Parcel parcel, Intercept intercept) {
        ShipmentCreated made = parcel.made();
        return parcel.isTravelling()
                && !parcel.comesBackAnyway()
                && made.trackingNumber() != null
                && made.courier() != null
                && !(made.trackingNumber().equals(intercept.trackingNumber())
                        && made.courier().equals(intercept.courier()));
    }

    private Pull pull(Race race, @Nullable Pull last) {
        Pull pull = new Pull(
                last == null ? 1 : last.generation() + 1,
                race.refundIds().getFirst(),
                race.parcel().made().warehouseId(),
                race.holding().units(),
                toWarehouse(policy.shadow()),
                false,
                null,
                policy.shadow());
        UUID id = ids.pullParcel(race.shipmentId(), pull.generation());
        issue(parcelCommand(id, null, race.parcel(), pull, LockCommand.Reason.REFUND_APPROVED), policy.shadow());
        return pull;
    }

    private Pull release(Parcel parcel, Pull pull) {
        UUID target = ids.pullParcel(parcel.id(), pull.generation());
        UUID id = ids.releaseParcel(parcel.id(), pull.generation());
        boolean shadow = policy.shadow() || pull.shadow();
        issue(parcelCommand(id, target, parcel, pull, LockCommand.Reason.NOT_IN_EXCESS), shadow);
        return pull.takenBack(toWarehouse(shadow));
    }

    private LockCommand parcelCommand(
            UUID id, @Nullable UUID target, Parcel parcel, Pull pull, LockCommand.Reason reason) {
        ShipmentCreated made = parcel.made();
        return new LockCommand(
                id,
                target == null ? LockCommand.Action.PULL_PARCEL : LockCommand.Action.RELEASE,
                target,
                pull.generation(),
                pull.refundId(),
                ids.orderCase(),
                pull.warehouseId(),
                false,
                target == null ? parcel.skuUnits(pull.units()) : List.of(),
                made.shipmentId(),
                made.trackingNumber(),
                reason,
                now,
                warehouseAnswersBy());
    }

    private Intercept intercept(Race race, @Nullable Intercept last) {
        ShipmentCreated made = race.parcel().made();
        Intercept intercept = new Intercept(
                last == null ? 1 : last.generation() + 1,
                race.refundIds(),
                race.holding().units(),
                Objects.requireNonNull(made.trackingNumber()),
                Objects.requireNonNull(made.courier()),
                race.certainty(),
                toCourier(policy.shadow()),
                null,
                policy.shadow());
        Long maxFeeMinor =
                race.currency() == null ? null : policy.maxInterceptFeeMinor().get(race.currency());
        issue(
                new InterceptCommand(
                        ids.intercept(race.shipmentId(), intercept.generation()),
                        InterceptCommand.Action.INTERCEPT,
                        null,
                        intercept.generation(),
                        ids.orderCase(),
                        race.shipmentId(),
                        intercept.trackingNumber(),
                        intercept.courier(),
                        made.warehouseId(),
                        intercept.refundIds(),
                        race.parcel().stage(),
                        intercept.certainty(),
                        race.exposureMinor(),
                        maxFeeMinor,
                        race.currency(),
                        race.collateral(order.orderId()),
                        now,
                        courierAnswersBy()),
                policy.shadow());
        return intercept;
    }

    private Intercept cancel(Parcel parcel, Intercept intercept) {
        boolean shadow = policy.shadow() || intercept.shadow();
        issue(
                new InterceptCommand(
                        ids.cancel(parcel.id(), intercept.generation()),
                        InterceptCommand.Action.CANCEL,
                        ids.intercept(parcel.id(), intercept.generation()),
                        intercept.generation(),
                        ids.orderCase(),
                        parcel.id(),
                        intercept.trackingNumber(),
                        intercept.courier(),
                        parcel.made().warehouseId(),
                        intercept.refundIds(),
                        parcel.stage(),
                        intercept.certainty(),
                        null,
                        null,
                        null,
                        List.of(),
                        now,
                        courierAnswersBy()),
                shadow);
        return intercept.takenBack(toCourier(shadow));
    }
}
