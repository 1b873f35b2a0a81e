package io.ordersync.domain;

import io.ordersync.domain.Effect.Evidence;
import io.ordersync.domain.OrderCase.Outcome;
import io.ordersync.domain.OrderCase.State;
import io.ordersync.domain.Sent.Intercept;
import io.ordersync.domain.Sent.Pull;
import io.ordersync.domain.Sent.Recall;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What the case of an order is by now (CONTRACT.md, Case). Made anew for each decision. */
final class Cases {

    private final Ids ids;
    private final Picture picture;
    private final Conditions conditions;
    private final Answers answers;
    private final Instant now;
    private final List<Race> races = new ArrayList<>();
    /** The parcels in the case: those in excess that travel, and paid ones that come back all the same. */
    private final SortedSet<String> parcels = new TreeSet<>();

    Cases(Ids ids, Desired desired, Conditions conditions, Answers answers, Instant now) {
        this.ids = ids;
        this.picture = desired.picture();
        this.conditions = conditions;
        this.answers = answers;
        this.now = now;
        for (Race race : desired.races().values()) {
            if (!race.parcel().made().digital()) {
                races.add(race);
                parcels.add(race.shipmentId());
            }
        }
        for (Alert alert : conditions.holding().values()) {
            if (alert.code() == Alert.Code.CANCEL_FAILED) {
                parcels.addAll(alert.details().shipmentIds());
            }
        }
    }

    /**
     * The case from now on; {@code before} itself when nothing changed.
     *
     * @param before as it was sent last; null: there never was one
     * @param news the fact that is new; null: a deadline passed
     * @param proof it, and the commands that were sent for it
     */
    @Nullable
    OrderCase next(@Nullable OrderCase before, @Nullable Fact news, List<Evidence> proof) {
        if (parcels.isEmpty() && (before == null || !before.isOpen())) {
            return before;
        }
        List<Evidence> evidence = evidence(before, proof);
        if (before == null) {
            return open(evidence, null, now, 1);
        }
        if (parcels.isEmpty()) {
            return before.closed(outcome(before, news), evidence, news == null ? now : news.at(), now);
        }
        boolean isTheSame =
                open(evidence, before, before.updatedAt(), before.version()).equals(before);
        return isTheSame ? before : open(evidence, before, now, before.version() + 1);
    }

    private OrderCase open(List<Evidence> evidence, @Nullable OrderCase before, Instant updatedAt, long version) {
        Race gravest = gravest();
        ShipmentCreated made = made(gravest == null ? parcels.first() : gravest.shipmentId());
        // A paid parcel that comes back is in no race: what was said of the last one stays.
        OrderCase stays = gravest == null ? before : null;
        return new OrderCase(
                ids.orderCase(),
                Collections.min(states()),
                null,
                stays != null ? stays.race() : gravest == null ? null : conditions.timing(gravest),
                stays != null ? stays.exposureMinor() : exposureMinor(),
                stays != null ? stays.currency() : currency(),
                stays != null ? stays.refundIds() : union(Race::refundIds),
                List.copyOf(parcels),
                trackingNumbers(),
                made.warehouseId(),
                made.operatorId(),
                made.courier(),
                stays != null ? stays.categories() : union(Race::categories),
                evidence,
                before != null ? before.openedAt() : gravest == null ? now : gravest.occurredAt(),
                updatedAt,
                null,
                version);
    }

    /** The first of those that are equally grave; they come by shipmentId. */
    private @Nullable Race gravest() {
        Race gravest = null;
        int gravity = Integer.MAX_VALUE;
        for (Race race : races) {
            int its = conditions.timing(race).type().gravity();
            if (its < gravity) {
                gravity = its;
                gravest = race;
            }
        }
        return gravest;
    }

    private Set<State> states() {
        Set<State> states = EnumSet.noneOf(State.class);
        for (String parcel : parcels) {
            states.add(state(parcel));
        }
        return states;
    }

    private List<String> trackingNumbers() {
        SortedSet<String> numbers = new TreeSet<>();
        for (String parcel : parcels) {
            String number = made(parcel).trackingNumber();
            if (number != null) {
                numbers.add(number);
            }
        }
        return List.copyOf(numbers);
    }

    private ShipmentCreated made(String shipmentId) {
        return parcel(shipmentId).made();
    }

    private Parcel parcel(String shipmentId) {
        return Objects.requireNonNull(picture.parcels().get(shipmentId));
    }

    private List<String> union(Function<Race, List<String>> of) {
        SortedSet<String> all = new TreeSet<>();
        for (Race race : races) {
            all.addAll(of.apply(race));
        }
        return List.copyOf(all);
    }

    /** Worth of all that is in excess; null: that of one parcel is unknown, or there are several currencies. */
    private @Nullable Long exposureMinor() {
        if (currency() == null) {
            return null;
        }
        BigInteger sum = BigInteger.ZERO;
        for (Race race : races) {
            if (race.exposureMinor() == null) {
                return null;
            }
            sum = sum.add(BigInteger.valueOf(race.exposureMinor()));
        }
        return sum.bitLength() > 63 ? null : (Long) sum.longValue();
    }

    private @Nullable String currency() {
        Set<@Nullable String> currencies = new HashSet<>();
        for (Race race : races) {
            currencies.add(race.currency());
        }
        return currencies.size() == 1 ? currencies.iterator().next() : null;
    }

    /** The first that is true of a parcel. */
    private State state(String shipmentId) {
        Parcel parcel = parcel(shipmentId);
        Recall recall = picture.sent().recall(shipmentId);
        boolean intercepting = isInterceptOpen(parcel, recall.intercept());
        boolean pulling = isPullOpen(parcel, recall.pull());
        if (needsSomeone(shipmentId) && !intercepting && !pulling) {
            return State.MANUAL;
        }
        if (intercepting) {
            return State.INTERCEPTING;
        }
        if (pulling) {
            return State.PULLING;
        }
        return parcel.comesBackAnyway() ? State.RETURNING : State.DETECTED;
    }

    private boolean needsSomeone(String shipmentId) {
        for (Alert alert : conditions.holding().values()) {
            boolean asks = switch (alert.action()) {
                case REVIEW, REQUEST_RETURN, CLAIM, WRITE_OFF -> true;
                case NONE, PULL, INTERCEPT -> false;
            };
            if (asks && alert.details().shipmentIds().contains(shipmentId) && !isOutdated(alert, shipmentId)) {
                return true;
            }
        }
        return false;
    }

    /** Is it about an INTERCEPT that was sent anew? Nobody has to do anything about that. */
    private boolean isOutdated(Alert alert, String shipmentId) {
        Intercept latest = picture.sent().recall(shipmentId).intercept();
        return alert.code() == Alert.Code.INTERCEPT_FAILED
                && latest != null
                && !alert.id()
                        .equals(ids.alert(new AlertKey(
                                Alert.Code.INTERCEPT_FAILED,
                                ids.intercept(shipmentId, latest.generation()).toString())));
    }

    /** May the courier still bring it back for this INTERCEPT? Not once the parcel is where that ends. */
    private boolean isInterceptOpen(Parcel parcel, @Nullable Intercept intercept) {
        return intercept != null
                && !intercept.shadow()
                && intercept.cancelled() == null
                && parcel.isTravelling()
                && !answers.hasEnded(parcel.id(), intercept);
    }

    private boolean isPullOpen(Parcel parcel, @Nullable Pull pull) {
        return pull != null
                && !pull.shadow()
                && pull.released() == null
                && parcel.mayBeOnTheBench()
                && !parcel.comesBackAnyway()
                && answers.toPull(parcel.id(), pull) == null;
    }

    // ------------------------------------------------------------------------------------------- its ending

    /** That of the last parcel to leave. */
    private Outcome outcome(OrderCase before, @Nullable Fact news) {
        return outcome(parcel(before.shipmentIds().getLast()), before, news);
    }

    private Outcome outcome(Parcel parcel, OrderCase before, @Nullable Fact news) {
        if (news instanceof CaseResolved resolved) {
            return Outcome.valueOf(resolved.resolution().name());
        }
        if (parcel.isPulled()) {
            return Outcome.PREVENTED;
        }
        if (parcel.isVoid() || news instanceof ShipmentVoided) {
            return Outcome.VOIDED;
        }
        if (news instanceof RefundClosed || (isEndOfRecall(news) && isAnyRefundClosed(before))) {
            return Outcome.REFUND_CLOSED;
        }
        if (parcel.stage() == ParcelStage.RETURNED) {
            boolean intercepted = picture.sent().recall(parcel.id()).wasIntercepted();
            return !intercepted && parcel.wasEver(ParcelStage.REFUSED) ? Outcome.REFUSED_BY_BUYER : Outcome.RETURNED;
        }
        return Outcome.FALSE_ALARM;
    }

    /** Does it end the recall of a paid parcel, which left the excess before? */
    private static boolean isEndOfRecall(@Nullable Fact news) {
        return news instanceof InterceptResult
                || (news instanceof ShipmentStatusChanged status && status.stage() == ParcelStage.DELIVERED);
    }

    private boolean isAnyRefundClosed(OrderCase before) {
        return before.refundIds().stream().anyMatch(id -> !picture.refunds().containsKey(id));
    }

    // --------------------------------------------------------------------------------------------- evidence

    /** The first facts and commands, in the order they came; those before the case opened, by their times. */
    private List<Evidence> evidence(@Nullable OrderCase before, List<Evidence> proof) {
        Set<Evidence> all = new LinkedHashSet<>(before == null ? soFar() : before.evidence());
        all.addAll(proof);
        List<Evidence> evidence = List.copyOf(all);
        return evidence.subList(0, Math.min(evidence.size(), OrderCase.MAX_EVIDENCE));
    }

    private List<Evidence> soFar() {
        OrderFacts facts = picture.facts();
        List<Evidence> all = new ArrayList<>();
        for (RefundTold told : facts.refunds().values()) {
            Conditions.add(all, told.approved());
            Conditions.add(all, told.closed());
            Conditions.add(all, told.unpaid());
        }
        for (ParcelTold told : facts.parcels().values()) {
            Conditions.add(all, told.made());
            Conditions.add(all, told.voided());
            Conditions.add(all, told.lastStatus());
        }
        picture.sent().locks().forEach((key, lock) -> {
            if (lock.shadow()) {
                return;
            }
            all.add(lock(key, lock.first().generation(), lock.first().issuedAt()));
            all.add(lock(key, lock.generation(), lock.issued().at()));
            Conditions.add(all, answers.toLock(key, lock.first().generation()));
            Conditions.add(all, answers.toLock(key, lock.generation()));
        });
        all.sort(Comparator.comparing(Evidence::at));
        return all;
    }

    private Evidence lock(LockKey key, long generation, Instant at) {
        return new Evidence(Evidence.Kind.LOCK, ids.lock(key, generation).toString(), at, null);
    }
}
