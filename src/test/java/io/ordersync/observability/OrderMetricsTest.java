package io.ordersync.observability;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.ordersync.domain.Alert;
import io.ordersync.domain.Decision;
import io.ordersync.domain.Effect;
import io.ordersync.domain.InterceptCommand;
import io.ordersync.domain.LockCommand;
import io.ordersync.domain.OrderCase;
import io.ordersync.domain.ParcelStage;
import io.ordersync.domain.Rejection;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
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
    private final OrderMetrics metrics = new OrderMetrics(meters);

    @Test
    void countWhatComesIn() {
        metrics.arrived("refund-approved", Decision.Outcome.NEWS);
        metrics.arrived("refund-approved", Decision.Outcome.NEWS);
        metrics.arrived("intercept-results", Decision.Outcome.CONTRADICTED);
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

    /** Each counter with its tags and its count, sorted. */
    private List<String> counted() {
        return meters.getMeters().stream()
                .map(Meter::getId)
                .map(id -> name(id)
                        + ' '
                        + Math.round(meters.get(id.getName())
                                .tags(id.getTags())
                                .counter()
                                .count()))
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
