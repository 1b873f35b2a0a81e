package io.ordersync.domain;

import static org.assertj.core.api.Assertions.assertThat;

import io.ordersync.domain.Excess.Holding;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.Tuple.Tuple2;

/** What holds for every history of an order, in every order of arrival and with repetitions (CONTRACT.md, Time). */
class AnyHistoryTest {

    private static final OrderKey ORDER = Histories.ORDER;
    private static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");

    /** Alerts about parcels. Those about commands depend on which were sent on the way. */
    private static final Set<Alert.Code> OF_PARCELS = EnumSet.of(
            Alert.Code.REFUNDED_BUT_SHIPPED,
            Alert.Code.MIXED_PARCEL,
            Alert.Code.INTERCEPT_UNSUPPORTED,
            Alert.Code.DELIVERED_AFTER_REFUND,
            Alert.Code.DIGITAL_DELIVERED_AFTER_REFUND,
            Alert.Code.CLAIM_COURIER,
            Alert.Code.WRITE_OFF_SUGGESTED,
            Alert.Code.RESHIP_AFTER_REFUND);

    @Provide
    Arbitrary<Tuple2<List<Fact>, List<Fact>>> twoArrivals() {
        return inTwoArrivals(Histories.withoutAnswers());
    }

    @Provide
    Arbitrary<Tuple2<List<Fact>, List<Fact>>> twoArrivalsOfEverything() {
        return inTwoArrivals(Histories.ofEverything());
    }

    @Provide
    Arbitrary<List<Fact>> everything() {
        return Histories.ofEverything();
    }

    private static Arbitrary<Tuple2<List<Fact>, List<Fact>>> inTwoArrivals(Arbitrary<List<Fact>> histories) {
        return histories.flatMap(
                history -> Combinators.combine(Arbitraries.just(history), Histories.otherArrivalsOf(history))
                        .as(Tuple::of));
    }

    @Provide
    Arbitrary<Policy> policies() {
        Arbitrary<Boolean> any = Arbitraries.of(true, false);
        return Combinators.combine(any, any, any)
                .as((mixed, suspected, fee) -> policy(mixed, suspected, fee ? Map.of("CNY", 20000L) : Map.of()));
    }

    private static Policy policy(boolean recallMixed, boolean recallSuspected, Map<String, Long> fees) {
        return new Policy(
                Duration.ofMinutes(5),
                Duration.ofDays(10),
                recallMixed,
                recallSuspected,
                Set.of("POST"),
                fees,
                Map.of(),
                Map.of("CNY", 50000L),
                Duration.ofMinutes(15),
                null,
                Duration.ofMinutes(30),
                true,
                true,
                false,
                Duration.ofDays(45),
                Duration.ofDays(180));
    }

    @Property(tries = 20_000)
    void hasTheExcessThatCountingSingleUnitsGives(@ForAll(supplier = Histories.class) List<Fact> history) {
        OrderFacts facts = factsOf(history);

        assertThat(withoutZeros(
                        new Reckoning(Picture.of(facts, Sent.NOTHING, new Ids(ORDER)), Parcel::isOut, false).excess()))
                .isEqualTo(withoutZeros(ExcessOracle.excess(history)));
    }

    @Property(tries = 5_000)
    void isKnownAlikeWhateverTheOrderOfArrival(
            @ForAll("twoArrivalsOfEverything") Tuple2<List<Fact>, List<Fact>> arrivals) {
        assertThat(factsOf(arrivals.get2())).isEqualTo(factsOf(arrivals.get1()));
    }

    @Property(tries = 5_000)
    void isACaseAlikeWhateverTheOrderOfArrival(
            @ForAll("twoArrivals") Tuple2<List<Fact>, List<Fact>> arrivals, @ForAll("policies") Policy policy) {
        Run one = new Run(policy, arrivals.get1());
        Run other = new Run(policy, arrivals.get2());

        assertThat(other.excess()).isEqualTo(one.excess());
        assertThat(other.desired().races().isEmpty())
                .isEqualTo(one.desired().races().isEmpty());
        if (other.holdings().equals(one.holdings())) {
            // Else another of several parcels was chosen, when facts came one by one.
            assertThat(other.alertsOfParcels()).isEqualTo(one.alertsOfParcels());
        }
    }

    @Property(tries = 5_000)
    void hasEveryCommandInForceThatIsCalledFor(
            @ForAll("twoArrivalsOfEverything") Tuple2<List<Fact>, List<Fact>> arrivals,
            @ForAll("policies") Policy policy) {
        Run run = new Run(policy, arrivals.get2());

        run.desired().races().forEach((shipmentId, race) -> {
            Sent.Recall recall = run.record.sent().recall(shipmentId);
            if (race.isToBePulled(policy)) {
                assertThat(recall.pull()).isNotNull();
                assertThat(recall.pull().released()).isNull();
                assertThat(recall.pull().units()).isEqualTo(race.holding().units());
            }
            if (Row.recallOf(race, policy) == Row.Recall.NOW) {
                assertThat(recall.intercept()).isNotNull();
                assertThat(recall.intercept().cancelled()).isNull();
            }
        });
    }

    @Property(tries = 5_000)
    void callsBackNoParcelThatHoldsNothingInExcess(
            @ForAll("twoArrivalsOfEverything") Tuple2<List<Fact>, List<Fact>> arrivals,
            @ForAll("policies") Policy policy) {
        Run run = new Run(policy, arrivals.get2());
        Desired desired = run.desired();
        run.record.sent().recalls().forEach((shipmentId, recall) -> {
            Parcel parcel = Objects.requireNonNull(desired.picture().parcels().get(shipmentId));
            // One that came back is judged as if it alone were still out, or all that came back: they ended well
            // (CONTRACT.md, Taking back).
            Holding holding = desired.holdingOfRecalled(parcel);
            boolean inExcess = holding != null;
            if (!parcel.isOut() && desired.excess().reckoning().isRefundedForComingBack(parcel)) {
                return;
            }
            if (recall.pull() != null && recall.pull().released() == null) {
                assertThat(inExcess).as("pulled: " + shipmentId).isTrue();
            }
            boolean intercepted = recall.intercept() != null
                    && recall.intercept().cancelled() == null
                    && !run.answers().hasEnded(shipmentId, recall.intercept());
            if (intercepted) {
                assertThat(inExcess).as("intercepted: " + shipmentId).isTrue();
                if (!policy.recallMixedParcels()) {
                    assertThat(Objects.requireNonNull(holding).mixed())
                            .as("mixed: " + shipmentId)
                            .isFalse();
                }
            }
        });
    }

    @Property(tries = 5_000)
    void sendsNoCommandTwiceAndTakesBackOnlyWhatItSent(
            @ForAll("twoArrivalsOfEverything") Tuple2<List<Fact>, List<Fact>> arrivals,
            @ForAll("policies") Policy policy) {
        Set<UUID> sent = new HashSet<>();
        for (Effect effect : new Run(policy, arrivals.get2()).effects) {
            UUID target = switch (effect) {
                case LockCommand lock -> lock.targetId();
                case InterceptCommand intercept -> intercept.targetId();
                case Alert alert -> null;
                case OrderCase orderCase -> null;
            };
            if (target != null) {
                assertThat(sent).contains(target);
            }
            if (effect instanceof LockCommand || effect instanceof InterceptCommand) {
                assertThat(sent.add(effect.id())).as(effect.toString()).isTrue();
            }
        }
    }

    @Property(tries = 2_000)
    void staysConsistentWhenNobodyAnswersInTime(
            @ForAll("twoArrivalsOfEverything") Tuple2<List<Fact>, List<Fact>> arrivals,
            @ForAll("policies") Policy policy) {
        Run run = new Run(policy, List.of());
        for (Fact fact : arrivals.get2()) {
            run.arrive(fact);
            run.waitForAll();
        }

        assertThat(run.effects.stream()
                        .filter(effect -> effect instanceof LockCommand || effect instanceof InterceptCommand)
                        .map(Effect::id))
                .doesNotHaveDuplicates();
        OrderRecord before = run.record;
        run.effects.clear();
        arrivals.get1().forEach(run::arrive);
        assertThat(run.effects).isEmpty();
        assertThat(run.record).isEqualTo(before);
    }

    @Property(tries = 2_000)
    void hasACaseWithAVersionForEveryChangeOfIt(
            @ForAll("twoArrivalsOfEverything") Tuple2<List<Fact>, List<Fact>> arrivals,
            @ForAll("policies") Policy policy) {
        Run run = new Run(policy, arrivals.get2());
        run.waitForAll();
        List<OrderCase> cases = run.effects.stream()
                .filter(OrderCase.class::isInstance)
                .map(OrderCase.class::cast)
                .toList();

        for (int i = 0; i < cases.size(); i++) {
            OrderCase it = cases.get(i);
            assertThat(it.version()).isEqualTo(i + 1);
            assertThat(it.openedAt()).isEqualTo(cases.getFirst().openedAt());
            assertThat(it.isOpen()).isEqualTo(it.outcome() == null).isEqualTo(it.closedAt() == null);
            assertThat(it.evidence()).hasSizeLessThanOrEqualTo(50).doesNotHaveDuplicates();
        }
        boolean open = !cases.isEmpty() && cases.getLast().isOpen();
        boolean race = run.desired().races().values().stream()
                .anyMatch(each -> !each.parcel().made().digital());
        boolean comesBackPaid =
                run.record.sent().alerts().keySet().stream().anyMatch(key -> key.code() == Alert.Code.CANCEL_FAILED);
        assertThat(open).isEqualTo(race || comesBackPaid);
    }

    @Property(tries = 2_000)
    void saysNothingNewWhenItIsToldAgain(@ForAll("everything") List<Fact> history, @ForAll("policies") Policy policy) {
        Run run = new Run(policy, history);
        OrderRecord before = run.record;
        run.effects.clear();
        history.forEach(run::arrive);

        assertThat(run.effects).isEmpty();
        assertThat(run.record).isEqualTo(before);
    }

    @Property(tries = 2_000)
    void endsWithAllAlertsResolvedOnceItIsForgotten(
            @ForAll("everything") List<Fact> history, @ForAll("policies") Policy policy) {
        Run run = new Run(policy, history);
        Decision expiry = Decision.expiry(ORDER, run.record, policy, NOW.plus(Duration.ofDays(181)));

        assertThat(expiry).isNotNull();
        assertThat(expiry.next()).isNull();
        assertThat(expiry.effects().stream().filter(Alert.class::isInstance))
                .hasSize(run.record.sent().alerts().size())
                .allSatisfy(effect -> assertThat(((Alert) effect).state()).isEqualTo(Alert.State.RESOLVED));
    }

    private static OrderFacts factsOf(List<Fact> history) {
        OrderFacts facts = OrderFacts.NONE;
        for (Fact fact : history) {
            facts = facts.with(fact);
        }
        return facts;
    }

    private static SortedMap<String, Long> withoutZeros(Map<String, ? extends Number> units) {
        SortedMap<String, Long> some = new TreeMap<>();
        units.forEach((line, count) -> {
            if (count.longValue() != 0) {
                some.put(line, count.longValue());
            }
        });
        return some;
    }

    /** One order's life. */
    private static final class Run {
        private final Policy policy;
        private final List<Effect> effects = new ArrayList<>();
        private OrderRecord record = OrderRecord.NEW;

        Run(Policy policy, List<Fact> history) {
            this.policy = policy;
            history.forEach(this::arrive);
        }

        private void arrive(Fact fact) {
            Decision decision = Decision.on(new Arrival(ORDER, fact), record, policy, NOW);
            effects.addAll(decision.effects());
            record = Objects.requireNonNull(decision.next());
        }

        /** Everything that is waited for is overdue. */
        void waitForAll() {
            while (record.due() != null) {
                Instant due = record.due();
                Decision decision = Decision.due(ORDER, record, policy, due, due);
                effects.addAll(decision.effects());
                record = Objects.requireNonNull(decision.next());
                assertThat(record.due())
                        .as("due after " + due)
                        .satisfiesAnyOf(
                                none -> assertThat(none).isNull(),
                                later -> assertThat(later).isAfter(due));
            }
        }

        Answers answers() {
            return new Answers(record.facts(), new Ids(ORDER), null);
        }

        Desired desired() {
            return Desired.of(Picture.of(record.facts(), record.sent(), new Ids(ORDER)), NOW);
        }

        Set<AlertKey> alertsOfParcels() {
            return record.sent().alerts().keySet().stream()
                    .filter(key -> OF_PARCELS.contains(key.code()))
                    .collect(Collectors.toSet());
        }

        SortedMap<String, Long> excess() {
            return desired().excess().reckoning().excess();
        }

        Map<String, Holding> holdings() {
            Map<String, Holding> holdings = new TreeMap<>();
            desired().races().forEach((id, race) -> holdings.put(id, race.holding()));
            return holdings;
        }
    }
}
