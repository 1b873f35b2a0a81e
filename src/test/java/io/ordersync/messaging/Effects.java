package io.ordersync.messaging;

import io.ordersync.domain.Alert;
import io.ordersync.domain.Effect.Certainty;
import io.ordersync.domain.Effect.Collateral;
import io.ordersync.domain.Effect.Evidence;
import io.ordersync.domain.Effect.LineUnits;
import io.ordersync.domain.Fact.Source;
import io.ordersync.domain.InterceptCommand;
import io.ordersync.domain.LockCommand;
import io.ordersync.domain.OrderCase;
import io.ordersync.domain.ParcelStage;
import io.ordersync.domain.RaceTiming;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Effects with every field set, and with every field null that may be. */
final class Effects {

    static final Instant AT = Instant.parse("2026-11-22T10:40:00.123Z");
    static final UUID ID = new UUID(1, 1);
    static final UUID TARGET = new UUID(2, 2);
    static final UUID CASE = new UUID(3, 3);
    static final List<LineUnits> ONE_UNIT = List.of(new LineUnits("L1", "SKU-1", 1));

    private Effects() {}

    static LockCommand fullLock() {
        return new LockCommand(
                ID,
                LockCommand.Action.RELEASE,
                TARGET,
                5,
                "R1",
                CASE,
                "W1",
                true,
                ONE_UNIT,
                "S1",
                "SF1234567890",
                LockCommand.Reason.REFUND_CHANGED,
                AT,
                AT.plusSeconds(60));
    }

    static LockCommand bareLock(long quantity) {
        return new LockCommand(
                ID,
                LockCommand.Action.LOCK,
                null,
                1,
                "R1",
                null,
                null,
                false,
                List.of(new LineUnits("L1", "SKU-1", quantity)),
                null,
                null,
                LockCommand.Reason.REFUND_APPROVED,
                AT,
                null);
    }

    static InterceptCommand fullIntercept() {
        return new InterceptCommand(
                ID,
                InterceptCommand.Action.CANCEL,
                TARGET,
                2,
                CASE,
                "S1",
                "SF1234567890",
                "SF",
                "W1",
                List.of("R1", "R2"),
                ParcelStage.IN_TRANSIT,
                Certainty.SUSPECTED,
                12_900L,
                1_500L,
                "CNY",
                List.of(new Collateral("O1", "L2", "SKU-2", 3), new Collateral("O2", "*", "*", 0)),
                AT,
                AT.plusSeconds(900));
    }

    static InterceptCommand bareIntercept() {
        return new InterceptCommand(
                ID,
                InterceptCommand.Action.INTERCEPT,
                null,
                1,
                CASE,
                "S1",
                "SF1234567890",
                "SF",
                null,
                List.of("R1"),
                ParcelStage.UNKNOWN,
                Certainty.CONFIRMED,
                null,
                null,
                null,
                List.of(),
                AT,
                AT);
    }

    static OrderCase fullCase(OrderCase.@Nullable Outcome outcome) {
        return new OrderCase(
                CASE,
                outcome == null ? OrderCase.State.MANUAL : OrderCase.State.CLOSED,
                outcome,
                new RaceTiming(RaceTiming.Type.AMBIGUOUS, RaceTiming.Cause.UNDETERMINED, -90_000),
                12_900L,
                "CNY",
                List.of("R1", "R2"),
                List.of("S1", "S2"),
                List.of("SF1234567890"),
                "W1",
                "op-7",
                "SF",
                List.of("phones"),
                evidenceOfEveryKind(),
                AT,
                AT.plusSeconds(60),
                outcome == null ? null : AT.plusSeconds(30),
                7);
    }

    static OrderCase bareCase() {
        return new OrderCase(
                CASE,
                OrderCase.State.DETECTED,
                null,
                null,
                null,
                null,
                List.of(),
                List.of(),
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

    private static List<Evidence> evidenceOfEveryKind() {
        return List.of(
                fact(Evidence.Kind.REFUND, 0),
                fact(Evidence.Kind.REFUND_CLOSED, 1),
                fact(Evidence.Kind.SHIPMENT, 2),
                fact(Evidence.Kind.VOID, 3),
                fact(Evidence.Kind.SCAN, 4),
                new Evidence(Evidence.Kind.LOCK, ID.toString(), AT, null),
                fact(Evidence.Kind.LOCK_ANSWER, 5),
                new Evidence(Evidence.Kind.INTERCEPT, ID.toString(), AT, null),
                fact(Evidence.Kind.INTERCEPT_ANSWER, 6),
                fact(Evidence.Kind.RESOLUTION, 7));
    }

    private static Evidence fact(Evidence.Kind kind, long offset) {
        return new Evidence(kind, "E" + offset, AT, new Source(4, offset));
    }

    static Alert alert(Alert.Code code, Alert.State state, Alert.Details details) {
        return new Alert(
                ID, CASE, code, Alert.Severity.HIGH, state, Alert.Action.REVIEW, details, AT, AT.plusSeconds(1));
    }

    static Alert firing(Alert.Code code) {
        return alert(code, Alert.State.FIRING, details(2_400_000L));
    }

    /** All that can be known of a parcel made {@code gapMillis} after the approval of its refund. */
    static Alert.Details details(long gapMillis) {
        return details(gapMillis, List.of("R1"), ONE_UNIT, 12_900L, "CNY", Certainty.CONFIRMED);
    }

    static Alert.Details details(
            long gapMillis,
            List<String> refundIds,
            List<LineUnits> lines,
            @Nullable Long exposureMinor,
            @Nullable String currency,
            Certainty certainty) {
        return new Alert.Details(
                new RaceTiming(RaceTiming.Type.REFUND_FIRST, RaceTiming.Cause.REFUND_SYNC_DELAY, gapMillis),
                exposureMinor,
                currency,
                certainty,
                refundIds,
                List.of("S1"),
                List.of("SF1234567890"),
                lines,
                List.of(new Collateral("O1", "L2", "SKU-2", 3)),
                "W1",
                "op-7",
                "SF",
                List.of("phones"),
                List.of(
                        new Evidence(Evidence.Kind.REFUND, "R1", AT, new Source(4, 99)),
                        new Evidence(Evidence.Kind.SHIPMENT, "S1", AT, new Source(5, 100)),
                        new Evidence(Evidence.Kind.INTERCEPT, ID.toString(), AT, null)));
    }

    /** What is known of a refund to whose LOCK a warehouse answered. */
    static Alert.Details ofLock() {
        return new Alert.Details(
                null,
                null,
                null,
                Certainty.CONFIRMED,
                List.of("R1"),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                "W1",
                "op-7",
                null,
                List.of(),
                List.of());
    }

    static Alert.Details nothing() {
        return new Alert.Details(
                null,
                null,
                null,
                Certainty.CONFIRMED,
                List.of(),
                List.of(),
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
