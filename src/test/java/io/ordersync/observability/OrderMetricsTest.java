package io.ordersync.observability;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.ordersync.domain.Alert;
import io.ordersync.domain.Decision;
import io.ordersync.domain.Effect;
import io.ordersync.domain.Fact;
import io.ordersync.domain.InterceptCommand;
import io.ordersync.domain.InterceptResult;
import io.ordersync.domain.LockCommand;
import io.ordersync.domain.OrderCase;
import io.ordersync.domain.ParcelStage;
import io.ordersync.domain.RaceTiming;
import io.ordersync.domain.Rejection;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What is counted, under which names and tags: dashboards are written against them. */
class OrderMetricsTest {

    private static final UUID ID = new UUID(1, 1);
    private static final Instant AT = Instant.parse("2026-11-22T10:40:00Z");
    private static final LockCommand LOCK = new LockCommand(
            ID,
            LockCommand.Action.PULL_PARCEL,
            null,
            1,
            "R1",
            null,
            null,
            false,
            List.of(),
            "S1",
            null,
            LockCommand.Reason.REFUND_APPROVED,
            AT,
            null);
    private static final InterceptCommand INTERCEPT = new InterceptCommand(
            ID,
            InterceptCommand.Action.CANCEL,
            ID,
            1,
            ID,
            "S1",
            "SF1234567890",
            "SF",
            null,
            List.of("R1"),
            ParcelStage.UNKNOWN,
            Effect.Certainty.CONFIRMED,
            null,
            null,
            null,
            List.of(),
            AT,
            AT);

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final OrderMetrics metrics = new OrderMetrics(meters, Clock.fixed(AT, ZoneOffset.UTC));

    @Test
    void countWhatComesIn() {
        metrics.arrived("refund-approved", null, Decision.Outcome.NEWS);
        metrics.arrived("refund-approved", null, Decision.Outcome.NEWS);
        metrics.arrived("intercept-results", null, Decision.Outcome.CONTRADICTED);
        metrics.rejected("shipment-created", new Rejection(Rejection.Reason.INVALID_FIELD, "orderId is blank"));
        metrics.passedOver("shipment-status");

        assertThat(counted())
                .containsExactly(
                        "ordersync.dead.letters reason=invalid_field topic=shipment-created 1",
                        "ordersync.events outcome=contradicted topic=intercept-results 1",
                        "ordersync.events outcome=news topic=refund-approved 2",
                        "ordersync.passed.over topic=shipment-status 1");
    }

    @Test
    void countCommandsByAction() {
        metrics.sent(LOCK);
        metrics.sent(INTERCEPT);

        assertThat(counted())
                .containsExactly("ordersync.commands action=cancel 1", "ordersync.commands action=pull_parcel 1");
    }

    @Test
    void countWithheldCommandsApartFromThoseSent() {
        metrics.withheld(LOCK);
        metrics.withheld(INTERCEPT);

        assertThat(counted())
                .containsExactly(
                        "ordersync.commands.withheld action=cancel 1",
                        "ordersync.commands.withheld action=pull_parcel 1");
    }

    @Test
    void countAlertsByCodeSeverityAndState() {
        metrics.sent(alert());

        assertThat(counted())
                .containsExactly("ordersync.alerts code=intercept_unanswered severity=medium state=firing 1");
    }

    @Test
    void countCasesByStateAndOutcomeWithoutSayingWhose() {
        metrics.sent(orderCase(OrderCase.State.INTERCEPTING, null));
        metrics.sent(orderCase(OrderCase.State.CLOSED, OrderCase.Outcome.REFUSED_BY_BUYER));
        metrics.sent(orderCase(OrderCase.State.CLOSED, OrderCase.Outcome.REFUSED_BY_BUYER));

        assertThat(counted())
                .containsExactly(
                        "ordersync.cases outcome=none state=intercepting 1",
                        "ordersync.cases outcome=refused_by_buyer state=closed 2");
    }

    @Test
    void countNeitherAlertsNorCasesAsWithheld() {
        metrics.withheld(alert());
        metrics.withheld(orderCase(OrderCase.State.DETECTED, null));

        assertThat(counted()).isEmpty();
    }

    @Test
    void countAnswersThatSayMoreByWhatTheySay() {
        metrics.arrived("intercept-results", answer(InterceptResult.Status.SUCCEEDED), Decision.Outcome.NEWS);
        metrics.arrived("intercept-results", answer(InterceptResult.Status.SUCCEEDED), Decision.Outcome.REPEATED);

        assertThat(counted())
                .contains("ordersync.answers command=intercept status=succeeded 1")
                .noneMatch(line -> line.contains("lock"));
    }

    @Test
    void countCasesAndWhatIsAtStakeByTypeCauseAndOutcome() {
        metrics.opened(worth(12_900, "CNY", null));
        metrics.closed(worth(12_900, "CNY", OrderCase.Outcome.PREVENTED));
        metrics.opened(worth(1, "a name that a buyer has typed", null));

        assertThat(counted())
                .containsExactly(
                        "ordersync.cases.closed outcome=prevented 1",
                        "ordersync.cases.opened cause=lock_in_flight race=refund_first 2",
                        "ordersync.exposure.closed.minor currency=CNY outcome=prevented 12900",
                        "ordersync.exposure.opened.minor currency=CNY 12900",
                        "ordersync.exposure.opened.minor currency=other 1");
    }

    /** The shop's own delay, and ours: two histograms. */
    @Test
    void tellApartHowLongItTookSinceItHappenedAndSinceItArrived() {
        metrics.opened(worth(1, "CNY", null));
        metrics.detected(Duration.ofMillis(40));

        assertThat(meters.get(OrderMetrics.SINCE_BUSINESS).timer().totalTime(TimeUnit.SECONDS))
                .isEqualTo(90);
        assertThat(meters.get(OrderMetrics.SINCE_ARRIVAL).timer().totalTime(TimeUnit.MILLISECONDS))
                .isEqualTo(40);
    }

    @Test
    void showNothingOpenWhereNoOrdersAre() {
        assertThat(meters.get(OrderMetrics.CASES_OPEN).gauges())
                .hasSize(OrderCase.State.values().length - 1)
                .allMatch(gauge -> gauge.value() == 0);
        assertThat(meters.get(OrderMetrics.OLDEST)
                        .tag("state", "manual")
                        .gauge()
                        .value())
                .isZero();
        assertThat(meters.get(OrderMetrics.DEADLINES_HELD).gauge().value()).isZero();
    }

    @Test
    void countWhatIsDroppedPassedErasedAndForgotten() {
        metrics.answersDropped(3);
        metrics.answersDropped(2);
        metrics.deadlinesPassed();
        metrics.erased();
        metrics.forgotten();
        metrics.failed();

        assertThat(counted())
                .containsExactly(
                        "ordersync.answers.dropped 5",
                        "ordersync.deadlines.passed 1",
                        "ordersync.failures 1",
                        "ordersync.orders.erased 1",
                        "ordersync.orders.forgotten 1");
    }

    @Test
    void doNotCountThatNothingWasDropped() {
        metrics.answersDropped(0);

        assertThat(meters.counter(OrderMetrics.ANSWERS_DROPPED).count()).isZero();
    }

    /** Each counter that counted anything, with its tags and its count, sorted. */
    private List<String> counted() {
        return meters.getMeters().stream()
                .filter(Counter.class::isInstance)
                .map(Counter.class::cast)
                .filter(counter -> counter.count() > 0)
                .map(counter -> name(counter.getId()) + ' ' + Math.round(counter.count()))
                .sorted(Comparator.naturalOrder())
                .toList();
    }

    private static String name(Meter.Id id) {
        return id.getTags().stream()
                .map((Tag tag) -> ' ' + tag.getKey() + '=' + tag.getValue())
                .collect(Collectors.joining("", id.getName(), ""));
    }

    private static Alert alert() {
        return new Alert(
                ID,
                ID,
                Alert.Code.INTERCEPT_UNANSWERED,
                Alert.Severity.MEDIUM,
                Alert.State.FIRING,
                Alert.Action.REVIEW,
                new Alert.Details(
                        null,
                        null,
                        null,
                        Effect.Certainty.CONFIRMED,
                        List.of("R1"),
                        List.of("S1"),
                        List.of(),
                        List.of(),
                        List.of(),
                        null,
                        null,
                        null,
                        List.of(),
                        List.of()),
                AT,
                AT);
    }

    private static InterceptResult answer(InterceptResult.Status status) {
        return new InterceptResult(new Fact.Source(0, 0), "E1", ID.toString(), status, null, AT);
    }

    /** Found a minute and a half after it happened. */
    private static OrderCase worth(long minor, String currency, OrderCase.@Nullable Outcome outcome) {
        return new OrderCase(
                ID,
                outcome == null ? OrderCase.State.DETECTED : OrderCase.State.CLOSED,
                outcome,
                new RaceTiming(RaceTiming.Type.REFUND_FIRST, RaceTiming.Cause.LOCK_IN_FLIGHT, 1),
                minor,
                currency,
                List.of("R1"),
                List.of("S1"),
                List.of(),
                null,
                null,
                null,
                List.of(),
                List.of(),
                AT.minusSeconds(90),
                AT,
                outcome == null ? null : AT,
                1);
    }

    private static OrderCase orderCase(OrderCase.State state, OrderCase.@Nullable Outcome outcome) {
        return new OrderCase(
                ID,
                state,
                outcome,
                null,
                null,
                null,
                List.of("R1"),
                List.of("S1"),
                List.of(),
                null,
                null,
                null,
                List.of(),
                List.of(),
                AT,
                AT,
                null,
                1);
    }
}
