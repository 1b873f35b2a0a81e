package io.ordersync.dev;

import io.ordersync.contract.AlertSeverity;
import io.ordersync.contract.AlertState;
import io.ordersync.contract.InterceptAction;
import io.ordersync.contract.InterceptShipmentCommand;
import io.ordersync.contract.LockAction;
import io.ordersync.contract.OrderAlert;
import io.ordersync.contract.WarehouseLockCommand;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Currency;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.apache.avro.specific.SpecificRecordBase;
import org.jspecify.annotations.Nullable;

/**
 * What the service sent, as lines to read: one for each race, once. An alert and its commands are sent together but on
 * topics of their own, so that an alert waits a moment for its commands. Times are {@link System#nanoTime()}.
 */
final class RaceLines {
    private static final Duration PATIENCE = Duration.ofMillis(500);
    private static final int REMEMBERED = 10_000;

    private final Map<String, Race> races = new Bounded<>(REMEMBERED);
    private final Map<AlertSeverity, Integer> alerts = new EnumMap<>(AlertSeverity.class);
    private long locks;
    private long pulls;
    private long intercepts;
    private long takenBack;
    private long caught;

    /** What is known of one parcel that was refunded. */
    private static final class Race {
        private final TreeSet<String> commands = new TreeSet<>();
        private @Nullable OrderAlert alert;
        private String stage = "";
        private long alertedAt;
        private boolean told;
    }

    void add(WarehouseLockCommand command) {
        switch (command.getAction()) {
            case LOCK -> locks++;
            case PULL_PARCEL -> pulls++;
            case RELEASE -> takenBack++;
            case UNKNOWN -> {}
        }
        if (command.getAction() == LockAction.PULL_PARCEL) {
            race(command, command.getShipmentId()).commands.add("PULL");
        }
    }

    void add(InterceptShipmentCommand command) {
        if (command.getAction() == InterceptAction.CANCEL) {
            takenBack++;
            return;
        }
        intercepts++;
        var race = race(command, command.getShipmentId());
        race.commands.add("INTERCEPT");
        race.stage = ", " + command.getStage();
    }

    void add(OrderAlert alert, long now) {
        if (alert.getState() != AlertState.FIRING) {
            return;
        }
        alerts.merge(alert.getSeverity(), 1, Integer::sum);
        if (alert.getRaceType() == null || alert.getShipmentIds().isEmpty()) {
            return;
        }
        var race = race(alert, alert.getShipmentIds().getFirst());
        if (race.alert == null) {
            race.alert = alert;
            race.alertedAt = now;
        }
    }

    /** The races that can be told by now. */
    List<String> ready(long now) {
        var lines = new ArrayList<String>();
        for (var race : races.values()) {
            var alert = race.alert;
            if (alert != null
                    && !race.told
                    && (!race.commands.isEmpty() || now - race.alertedAt >= PATIENCE.toNanos())) {
                race.told = true;
                caught++;
                lines.add(line(alert, race));
            }
        }
        return lines;
    }

    /** The counts since the start. */
    String summary(Shop.Sent sent) {
        return String.format(
                "races %d made, %d caught | locks %d, pulls %d, intercepts %d, taken back %d | alerts %s",
                sent.races(), caught, locks, pulls, intercepts, takenBack, alerts.isEmpty() ? "none" : alerts);
    }

    private static String line(OrderAlert alert, Race race) {
        return String.join(
                "  ",
                "RACE",
                DevTopics.orderKey(alert),
                (race.commands.isEmpty() ? "no command," : String.join(" and ", race.commands)) + " parcel "
                        + alert.getShipmentIds().getFirst() + " ("
                        + courier(alert.getCourier(), alert.getTrackingNumbers()) + race.stage + ")",
                gap(alert.getGapMillis()),
                worth(alert.getExposureMinor(), alert.getCurrency()),
                alert.getSeverity() + " " + alert.getCode());
    }

    static String courier(@Nullable String courier, List<String> trackingNumbers) {
        var name = courier == null ? "no courier" : courier;
        return trackingNumbers.isEmpty() ? name : name + " " + masked(trackingNumbers.getFirst());
    }

    static String masked(String trackingNumber) {
        return "…" + trackingNumber.substring(Math.max(0, trackingNumber.length() - 4));
    }

    private static String gap(@Nullable Long millis) {
        if (millis == null) {
            return "gap unknown";
        }
        var gap = Duration.ofMillis(Math.abs(millis));
        var text = gap.toMinutes() > 0 ? gap.toMinutes() + " min" : gap.toSeconds() + " s";
        return millis < 0
                ? "refund approved " + text + " after the parcel"
                : "parcel made " + text + " after the refund";
    }

    static String worth(@Nullable Long minor, @Nullable String currency) {
        return minor == null || currency == null
                ? "value unknown"
                : BigDecimal.valueOf(minor, Currency.getInstance(currency).getDefaultFractionDigits()) + " " + currency;
    }

    private Race race(SpecificRecordBase about, @Nullable String shipmentId) {
        return races.computeIfAbsent(DevTopics.orderKey(about) + "|" + shipmentId, ignored -> new Race());
    }
}
