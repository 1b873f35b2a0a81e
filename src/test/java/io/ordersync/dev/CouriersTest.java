package io.ordersync.dev;

import static io.ordersync.contract.InterceptAction.CANCEL;
import static io.ordersync.contract.InterceptAction.INTERCEPT;
import static io.ordersync.dev.Sample.NOW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.INSTANT;

import io.ordersync.contract.InterceptAction;
import io.ordersync.contract.InterceptResult;
import io.ordersync.contract.InterceptStatus;
import io.ordersync.contract.LockAction;
import io.ordersync.contract.ParcelStage;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CouriersTest {
    private final Agenda agenda = new Agenda(100);

    @Test
    void turnAParcelThatIsOnItsWay() {
        var world = withParcel(ParcelStage.IN_TRANSIT);

        hear(world, INTERCEPT, 1);

        assertThat(Sample.said(agenda))
                .containsExactly("INTERCEPT 1 ACCEPTED", "INTERCEPT 1 SUCCEEDED", "RETURNING", "RETURNED");
    }

    @Test
    void loseSomeOnTheWayBack() {
        var world = withParcel(ParcelStage.IN_TRANSIT, "returns-lost-percent=100");

        hear(world, INTERCEPT, 1);

        assertThat(Sample.said(agenda)).endsWith("RETURNING", "LOST");
    }

    @Test
    void chargeForSuccessInTheCurrencyOfTheCommand() {
        var world = withParcel(ParcelStage.IN_TRANSIT);

        assertThat(world.hear(Sample.intercept(INTERCEPT, 1).build(), NOW))
                .extracting(Planned::value)
                .filteredOn(value ->
                        value instanceof InterceptResult result && result.getStatus() == InterceptStatus.SUCCEEDED)
                .singleElement()
                .extracting("feeMinor", "currency")
                .containsExactly(800L, "CNY");
    }

    @ParameterizedTest
    @CsvSource({
        "LABEL_CREATED, NOT_PICKED_UP",
        "OUT_FOR_DELIVERY, TOO_LATE",
        "DELIVERED, DELIVERED",
        "REFUSED, ALREADY_RETURNING",
        "LOST, OTHER"
    })
    void rejectWhatTheyCannotTurn(ParcelStage stage, String reason) {
        var world = withParcel(stage);

        hear(world, INTERCEPT, 1);

        assertThat(Sample.said(agenda)).startsWith("INTERCEPT 1 REJECTED " + reason);
    }

    @Test
    void rejectAParcelTheyDoNotKnowAndAFeeThatIsTooLow() {
        hear(new Actors(Sample.world()), INTERCEPT, 1);
        assertThat(Sample.said(agenda)).containsExactly("INTERCEPT 1 REJECTED NOT_FOUND");

        var world = withParcel(ParcelStage.IN_TRANSIT);
        agenda.add(
                world.hear(Sample.intercept(INTERCEPT, 1).setMaxFeeMinor(799L).build(), NOW));
        assertThat(Sample.said(agenda)).startsWith("INTERCEPT 1 REJECTED FEE_EXCEEDED", "OUT_FOR_DELIVERY");
    }

    @Test
    void deliverSomeAllTheSame() {
        var world = withParcel(ParcelStage.IN_TRANSIT, "intercepts-late-percent=100");

        hear(world, INTERCEPT, 1);

        assertThat(Sample.said(agenda))
                .containsExactly(
                        "INTERCEPT 1 ACCEPTED", "INTERCEPT 1 FAILED TOO_LATE", "OUT_FOR_DELIVERY", "DELIVERED");
    }

    @Test
    void doNotKnowOfSomeAndFindOutOfHalfOfThose() {
        var ends = new boolean[2];
        for (int seed = 0; seed < 20; seed++) {
            var world = withParcel(ParcelStage.IN_TRANSIT, "intercepts-unknown-percent=100", "seed=" + seed);

            hear(world, INTERCEPT, 1);

            var said = Sample.said(agenda);
            assertThat(said).startsWith("INTERCEPT 1 UNKNOWN").endsWith("OUT_FOR_DELIVERY", "DELIVERED");
            ends[said.contains("INTERCEPT 1 NOT_APPLIED") ? 1 : 0] = true;
        }
        assertThat(ends).containsExactly(true, true);
    }

    @Test
    void neverAnswerSome() {
        var world = withParcel(ParcelStage.IN_TRANSIT, "intercepts-lost-percent=100");

        hear(world, INTERCEPT, 1);

        assertThat(Sample.said(agenda)).containsExactly("OUT_FOR_DELIVERY", "DELIVERED");
    }

    @Test
    void letAParcelGoOnWhoseInterceptIsCancelledInTime() {
        var world = withParcel(ParcelStage.IN_TRANSIT);

        hear(world, INTERCEPT, 1);
        hear(world, CANCEL, 1);

        assertThat(Sample.said(agenda)).containsExactly("CANCEL 1 CANCELLED", "OUT_FOR_DELIVERY", "DELIVERED");
    }

    @Test
    void cannotCancelOnceTheParcelHasTurned() {
        var world = withParcel(ParcelStage.IN_TRANSIT);

        hear(world, INTERCEPT, 1);
        hear(world, CANCEL, 1, NOW.plusSeconds(8));

        assertThat(Sample.said(agenda)).contains("CANCEL 1 FAILED TOO_LATE", "RETURNED");
    }

    @Test
    void leaveAPulledParcelWhereItIs() {
        var world = withParcel(ParcelStage.LABEL_CREATED);

        agenda.add(world.hear(Sample.pull(LockAction.PULL_PARCEL, 1), NOW));
        hear(world, INTERCEPT, 1);
        hear(world, CANCEL, 1);

        assertThat(Sample.said(agenda))
                .containsExactlyInAnyOrder(
                        "PULL_PARCEL 1 PULLED", "INTERCEPT 1 REJECTED NOT_PICKED_UP", "CANCEL 1 CANCELLED");
    }

    @Test
    void obeyACommandOnceAndNoneThatIsOutdated() {
        var world = withParcel(ParcelStage.LABEL_CREATED);

        hear(world, INTERCEPT, 2);
        hear(world, INTERCEPT, 2);
        hear(world, INTERCEPT, 1);

        assertThat(Sample.said(agenda))
                .filteredOn(said -> said.startsWith("INTERCEPT"))
                .hasSize(1);
    }

    @Test
    void sayWhenItHappensAndNoEarlierThanTheCommand() {
        var world = withParcel(ParcelStage.IN_TRANSIT);

        assertThat(world.hear(Sample.intercept(INTERCEPT, 1).build(), NOW.minus(Duration.ofMinutes(1))))
                .isNotEmpty()
                .allSatisfy(planned -> assertThat(planned.value().get("occurredAt"))
                        .isEqualTo(planned.at())
                        .asInstanceOf(INSTANT)
                        .isAfter(NOW));
    }

    private Actors withParcel(ParcelStage stage, String... settings) {
        var world = new Actors(Sample.world(settings));
        agenda.add(world.hear(Sample.parcel(stage), NOW));
        return world;
    }

    private void hear(Actors world, InterceptAction action, long generation) {
        hear(world, action, generation, NOW);
    }

    private void hear(Actors world, InterceptAction action, long generation, Instant now) {
        agenda.add(world.hear(Sample.intercept(action, generation).build(), now));
    }
}
