package io.ordersync.dev;

import io.ordersync.contract.AlertCode;
import io.ordersync.contract.AlertSeverity;
import io.ordersync.contract.AlertState;
import io.ordersync.contract.CaseOutcome;
import io.ordersync.contract.CaseState;
import io.ordersync.contract.Certainty;
import io.ordersync.contract.InterceptAction;
import io.ordersync.contract.InterceptResult;
import io.ordersync.contract.InterceptShipmentCommand;
import io.ordersync.contract.InterceptStatus;
import io.ordersync.contract.LockAction;
import io.ordersync.contract.LockReason;
import io.ordersync.contract.LockStatus;
import io.ordersync.contract.OrderAlert;
import io.ordersync.contract.OrderCase;
import io.ordersync.contract.ParcelStage;
import io.ordersync.contract.RaceCause;
import io.ordersync.contract.RaceType;
import io.ordersync.contract.RecommendedAction;
import io.ordersync.contract.ShipmentCreated;
import io.ordersync.contract.ShipmentStatusChanged;
import io.ordersync.contract.WarehouseLockCommand;
import io.ordersync.contract.WarehouseLockResult;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/** One order with one parcel, and the commands about it. Unless told otherwise nothing in its world is left to chance. */
final class Sample {
    static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");

    private static final Map<String, String> CALM = Map.of(
            "shop.locks-refused-percent", "0",
            "shop.locks-ignored-percent", "0",
            "shop.pulls-refused-percent", "0",
            "shop.intercepts-late-percent", "0",
            "shop.intercepts-rejected-percent", "0",
            "shop.intercepts-unknown-percent", "0",
            "shop.intercepts-lost-percent", "0",
            "shop.returns-lost-percent", "0",
            "shop.door-refused-percent", "0",
            "shop.parcels-voided-percent", "0");

    private Sample() {}

    /** Settings as {@code pulls-refused-percent=100}. */
    static WorldProperties world(String... settings) {
        RegistryClient.trustContract();
        var source = new MapConfigurationPropertySource(CALM);
        Stream.of(settings)
                .map(setting -> setting.split("=", 2))
                .forEach(setting -> source.put("shop." + setting[0], setting[1]));
        return new Binder(source).bindOrCreate("shop", WorldProperties.class);
    }

    static ShipmentCreated parcel(ParcelStage stage) {
        return ShipmentCreated.newBuilder()
                .setEventId("made")
                .setPlatform("DOUYIN")
                .setShopId("shop-7")
                .setOrderId("order-000123")
                .setShipmentId("P-000123-1")
                .setStage(stage)
                .setCreatedAt(NOW.minusSeconds(600))
                .build();
    }

    static WarehouseLockCommand lock(LockAction action, long generation) {
        return lockCommand(action, generation).build();
    }

    static WarehouseLockCommand pull(LockAction action, long generation) {
        return lockCommand(action, generation).setShipmentId("P-000123-1").build();
    }

    private static WarehouseLockCommand.Builder lockCommand(LockAction action, long generation) {
        return WarehouseLockCommand.newBuilder()
                .setCommandId(action + " " + generation)
                .setAction(action)
                .setGeneration(generation)
                .setPlatform("DOUYIN")
                .setShopId("shop-7")
                .setOrderId("order-000123")
                .setRefundId("R-000123-1")
                .setWarehouseId("WH-HANGZHOU")
                .setWholeOrder(true)
                .setLines(List.of())
                .setReason(LockReason.REFUND_APPROVED)
                .setIssuedAt(NOW);
    }

    static InterceptShipmentCommand.Builder intercept(InterceptAction action, long generation) {
        return InterceptShipmentCommand.newBuilder()
                .setCommandId(action + " " + generation)
                .setAction(action)
                .setGeneration(generation)
                .setPlatform("DOUYIN")
                .setShopId("shop-7")
                .setOrderId("order-000123")
                .setCaseId("case")
                .setShipmentId("P-000123-1")
                .setTrackingNumber("SF5555555551234")
                .setCourier("SF")
                .setRefundIds(List.of("R-000123-1"))
                .setStage(ParcelStage.IN_TRANSIT)
                .setCertainty(Certainty.CONFIRMED)
                .setCurrency("CNY")
                .setIssuedAt(NOW)
                .setAnswerBy(NOW.plusSeconds(20));
    }

    static WarehouseLockResult locked(LockStatus status) {
        return WarehouseLockResult.newBuilder()
                .setEventId("answered")
                .setPlatform("DOUYIN")
                .setShopId("shop-7")
                .setOrderId("order-000123")
                .setCommandId("command")
                .setStatus(status)
                .setOccurredAt(NOW)
                .build();
    }

    static InterceptResult intercepted(InterceptStatus status) {
        return InterceptResult.newBuilder()
                .setEventId("answered")
                .setPlatform("DOUYIN")
                .setShopId("shop-7")
                .setOrderId("order-000123")
                .setCommandId("command")
                .setStatus(status)
                .setOccurredAt(NOW)
                .build();
    }

    static OrderAlert alert(AlertState state, RecommendedAction action) {
        return OrderAlert.newBuilder()
                .setAlertId("alert")
                .setCaseId("case")
                .setCode(AlertCode.REFUNDED_BUT_SHIPPED)
                .setSeverity(AlertSeverity.HIGH)
                .setState(state)
                .setPlatform("DOUYIN")
                .setShopId("shop-7")
                .setOrderId("order-000123")
                .setRaceType(RaceType.REFUND_FIRST)
                .setGapMillis(Duration.ofMinutes(12).toMillis())
                .setExposureMinor(12_900L)
                .setCurrency("CNY")
                .setShipmentIds(List.of("P-000123-1"))
                .setTrackingNumbers(List.of("SF5555555551234"))
                .setCourier("SF")
                .setRecommendedAction(action)
                .setSummary("A parcel was made after the refund.")
                .setOccurredAt(NOW)
                .setDetectedAt(NOW)
                .build();
    }

    /** Opened now, it is 41 seconds old unless it is at its beginning, INTERCEPTING; closed, it is of version 6. */
    static OrderCase orderCase(CaseState state, @Nullable CaseOutcome outcome) {
        var updatedAt = state == CaseState.INTERCEPTING ? NOW : NOW.plusSeconds(41);
        return OrderCase.newBuilder()
                .setCaseId("case")
                .setPlatform("DOUYIN")
                .setShopId("shop-7")
                .setOrderId("order-000123")
                .setState(state)
                .setOutcome(outcome)
                .setRaceType(RaceType.REFUND_FIRST)
                .setRaceCause(RaceCause.REFUND_SYNC_DELAY)
                .setExposureMinor(12_900L)
                .setCurrency("CNY")
                .setShipmentIds(List.of("P-000123-1"))
                .setTrackingNumbers(List.of("SF5555555551234"))
                .setCourier("SF")
                .setOpenedAt(NOW)
                .setUpdatedAt(updatedAt)
                .setClosedAt(outcome == null ? null : updatedAt)
                .setVersion(outcome == null ? 2 : 6)
                .build();
    }

    /** All that is going to be said, in words, in its order. */
    static List<String> said(Agenda agenda) {
        return agenda.dueBy(NOW.plus(Duration.ofDays(1))).stream()
                .map(planned -> words(planned))
                .toList();
    }

    private static String words(Planned planned) {
        return switch (planned.value()) {
            case ShipmentStatusChanged scan -> scan.getStage().toString();
            case WarehouseLockResult result -> words(result.getCommandId(), result.getStatus(), result.getRefusal());
            case InterceptResult result -> words(result.getCommandId(), result.getStatus(), result.getReason());
            default -> DevTopics.of(planned.value());
        };
    }

    private static String words(Object... words) {
        return Stream.of(words)
                .map(String::valueOf)
                .filter(word -> !word.equals("null"))
                .collect(Collectors.joining(" "));
    }
}
