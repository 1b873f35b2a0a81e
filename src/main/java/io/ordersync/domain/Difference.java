package io.ordersync.domain;

import io.ordersync.domain.Excess.Holding;
import io.ordersync.domain.Sent.Intercept;
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
import org.jspecify.annotations.Nullable;

/** What should be in force less what was sent: the commands and alerts to send now. Made anew for each decision. */
final class Difference {

    private final OrderKey order;
    private final OrderFacts facts;
    private final Sent before;
    private final Policy policy;
    private final Instant now;
    private final Ids ids;
    private final Alerts alerts;
    private final SortedMap<LockKey, Sent.Lock> locks;
    private final SortedMap<String, Recall> recalls;
    private final List<Effect> commands = new ArrayList<>();

    Difference(OrderKey order, OrderFacts facts, Sent before, Policy policy, Instant now) {
        this.order = order;
        this.facts = facts;
        this.before = before;
        this.policy = policy;
        this.now = now;
        this.ids = new Ids(order);
        this.alerts = new Alerts(order, facts, before, policy, now);
        this.locks = new TreeMap<>(before.locks());
        this.recalls = new TreeMap<>(before.recalls());
    }

    /** The commands first, then the alerts. */
    List<Effect> effects() {
        List<Effect> effects = new ArrayList<>(commands);
        effects.addAll(alerts.toSend());
        return effects;
    }

    Sent sent() {
        return new Sent(locks, recalls, alerts.firing(), alerts.skewed());
    }

    void tellClockSkew(Fact fact) {
        alerts.tellClockSkew(fact);
    }

    void resolveAll() {
        alerts.resolveAllBut(Map.of());
    }

    void reckon() {
        if (before.equals(Sent.NOTHING) && facts.refunds().isEmpty()) {
            // Most orders: nothing is refunded, nothing was sent.
            return;
        }
        Desired desired = Desired.of(facts, sent(), now);
        Locks wanted = new Locks(facts, desired.excess().reckoning());
        facts.refunds().values().forEach(refund -> lock(refund, wanted));
        // Units stay with a parcel once a command was sent for it, and no longer once it was taken back: look again.
        for (int changes = 0; recall(desired) && changes < 2 * facts.parcels().size(); changes++) {
            desired = Desired.of(facts, sent(), now);
        }
        alerts.reckon(desired, locks, recalls);
    }

    /** @return was a command sent or taken back? */
    private boolean recall(Desired desired) {
        int sentBefore = commands.size();
        SortedSet<String> parcels = new TreeSet<>(recalls.keySet());
        parcels.addAll(desired.races().keySet());
        parcels.forEach(shipmentId -> recall(shipmentId, desired));
        return commands.size() > sentBefore;
    }

    // ---------------------------------------------------------------------------------------------------- locks

    private void lock(RefundApproved refund, Locks wantedLocks) {
        SortedMap<LockKey, Sent.Lock> standing = new TreeMap<>();
        locks.forEach((key, lock) -> {
            if (key.refundId().equals(refund.refundId()) && !lock.released()) {
                standing.put(key, lock);
            }
        });
        boolean replaces = standing.values().stream().anyMatch(lock -> lock.generation() < refund.version());
        SortedMap<LockKey, Locks.Wanted> wanted = wantedLocks.of(refund, replaces);
        standing.forEach((key, lock) -> {
            boolean isFormer = lock.generation() < refund.version();
            if (!refund.kind().counts()
                    || (isFormer && !wanted.containsKey(key))
                    || !Locks.namedBy(refund).contains(key)) {
                release(key, lock);
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
        locks.put(key, new Sent.Lock(generation, last == null ? now : last.firstIssuedAt(), false));
        commands.add(new LockCommand(
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
                warehouseAnswersBy()));
    }

    private void release(LockKey key, Sent.Lock lock) {
        locks.put(key, new Sent.Lock(lock.generation(), lock.firstIssuedAt(), true));
        commands.add(new LockCommand(
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
                LockCommand.Reason.REFUND_CHANGED,
                now,
                warehouseAnswersBy()));
    }

    private @Nullable Instant warehouseAnswersBy() {
        return policy.lockAnswerWithin() == null ? null : now.plus(policy.lockAnswerWithin());
    }

    // --------------------------------------------------------------------------------------- one parcel's recall

    private void recall(String shipmentId, Desired desired) {
        Parcel parcel = Objects.requireNonNull(facts.parcels().get(shipmentId));
        Recall recall = recalls.getOrDefault(shipmentId, Recall.NONE);
        Race race = desired.races().get(shipmentId);
        Holding holding = race == null ? ifStillOut(parcel, recall, desired.excess()) : race.holding();

        Pull pull = recall.pull();
        Race toBePulled = race != null && race.isToBePulled(policy) ? race : null;
        if (pull != null && !pull.released() && !mayStand(pull, parcel, holding, toBePulled != null)) {
            pull = release(parcel, pull);
        }
        if (toBePulled != null && !asksFor(pull, toBePulled)) {
            pull = pull(toBePulled, pull);
        }
        Intercept intercept = recall.intercept();
        if (intercept != null && !intercept.cancelled()) {
            boolean due = holding != null && (policy.recallMixedParcels() || !holding.mixed());
            boolean endedWell = !parcel.isOut() && desired.excess().reckoning().isRefundedForComingBack(parcel);
            if (!(due || endedWell) || travelsOtherwise(parcel, intercept)) {
                intercept = cancel(parcel, intercept);
            }
        }
        if (race != null && race.isToBeIntercepted(policy) && (intercept == null || intercept.cancelled())) {
            intercept = intercept(race, intercept);
        }

        if (race == null && pull == null && intercept == null) {
            recalls.remove(shipmentId);
        } else {
            recalls.put(shipmentId, new Recall(race == null ? null : race.foundAt(), pull, intercept));
        }
    }

    /** A parcel that came back or is gone ended well, if it would be in excess were it still out. */
    private static @Nullable Holding ifStillOut(Parcel parcel, Recall recall, Excess excess) {
        return parcel.isOut() || recall.equals(Recall.NONE)
                ? null
                : excess.asIfOut(parcel).holdings().get(parcel.id());
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
                && !pull.released()
                && pull.units().equals(race.holding().units());
    }

    /** Did tracking number or courier change after the INTERCEPT? One that is no longer told has not changed. */
    private static boolean travelsOtherwise(Parcel parcel, Intercept intercept) {
        ShipmentCreated made = parcel.made();
        return parcel.isTravelling()
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
                now,
                false);
        UUID id = ids.pullParcel(race.shipmentId(), pull.generation());
        commands.add(parcelCommand(id, null, race.parcel(), pull, LockCommand.Reason.REFUND_APPROVED));
        return pull;
    }

    private Pull release(Parcel parcel, Pull pull) {
        UUID target = ids.pullParcel(parcel.id(), pull.generation());
        UUID id = ids.releaseParcel(parcel.id(), pull.generation());
        commands.add(parcelCommand(id, target, parcel, pull, LockCommand.Reason.NOT_IN_EXCESS));
        return pull.takenBack();
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
                now,
                false);
        commands.add(new InterceptCommand(
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
                race.currency() == null ? null : policy.maxInterceptFeeMinor().get(race.currency()),
                race.currency(),
                race.collateral(order.orderId()),
                now,
                now.plus(policy.interceptAnswerWithin())));
        return intercept;
    }

    private Intercept cancel(Parcel parcel, Intercept intercept) {
        commands.add(new InterceptCommand(
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
                now.plus(policy.interceptAnswerWithin())));
        return intercept.takenBack();
    }
}
