package io.ordersync.alerting;

import io.ordersync.contract.AlertSeverity;
import io.ordersync.contract.OrderAlert;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Alertmanager: API v2 (<a href="https://prometheus.io/docs/alerting/latest/alerts_api">alerts api</a>). It groups, routes and
 * silences by itself, by labels. A set of labels is an alert there: when severity, warehouse or courier of one change, which
 * are there to route by, the one with the former is ended.
 */
final class Alertmanager implements Channel {

    private static final int ALERTS = 100;
    /** Without an end it would take an alert for resolved after five minutes; a case nobody touches is closed after 180 days. */
    private static final Duration OPEN_FOR = Duration.ofDays(180);
    /** An end that lies ahead of its clock would be taken for one that is still to come. */
    private static final Duration CLOCKS_DIFFER_BY = Duration.ofMinutes(5);

    private final URI uri;
    private final Wording wording;

    Alertmanager(URI uri, Wording wording) {
        this.uri = uri;
        this.wording = wording;
    }

    @Override
    public Shape shape() {
        return new Shape(ALERTS, ALERTS, false, true);
    }

    @Override
    public Request request(Letter letter, Instant now) {
        return new Request(
                uri,
                Map.of(),
                Json.text(letter.entries().stream()
                        .flatMap(entry -> alerts(entry, now))
                        .toList()));
    }

    private Stream<Map<String, Object>> alerts(Entry entry, Instant now) {
        OrderAlert alert = entry.alert();
        Standing after = Standing.of(alert);
        Standing before = entry.before();
        // A set of labels that is not ended stands for ever: what it had before, and at last, as that is not remembered
        // over a
        // restart, any other severity. What never fired there is passed over.
        Stream<Standing> any = after.isFiring()
                ? Stream.empty()
                : Stream.of(AlertSeverity.values())
                        .map(severity -> new Standing(
                                after.state(), severity, after.action(), after.warehouseId(), after.courier()));
        Stream<Standing> ended = Stream.concat(Stream.ofNullable(before), any)
                .filter(former -> !labels(alert, former).equals(labels(alert, after)));
        return Stream.concat(
                ended.map(former -> alert(alert, former, true, now)),
                Stream.of(alert(alert, after, !after.isFiring(), now)));
    }

    private Map<String, Object> alert(OrderAlert alert, Standing standing, boolean resolved, Instant now) {
        Instant end = resolved ? now.minus(CLOCKS_DIFFER_BY) : now.plus(OPEN_FOR);
        Instant start = alert.getDetectedAt().isBefore(end) ? alert.getDetectedAt() : end;
        return Json.object(
                "labels", labels(alert, standing),
                "annotations",
                        Json.object(
                                "summary", wording.title(alert),
                                "description", alert.getSummary(),
                                "next", wording.next(alert),
                                "at_stake", Wording.stake(alert).orElse(null),
                                "parcels", String.join(", ", alert.getShipmentIds()),
                                "refunds", String.join(", ", alert.getRefundIds()),
                                "tracking", String.join(", ", Wording.masked(alert.getTrackingNumbers())),
                                "action", alert.getRecommendedAction().name(),
                                "case_id", alert.getCaseId()),
                "startsAt", start.toString(),
                "endsAt", end.toString());
    }

    private static Map<String, Object> labels(OrderAlert alert, Standing standing) {
        return Json.object(
                "alertname", alert.getCode().name(),
                "service", "order-sync",
                "alert_id", alert.getAlertId(),
                "platform", alert.getPlatform(),
                "shop", alert.getShopId(),
                "order", alert.getOrderId(),
                "severity", standing.severity().name().toLowerCase(Locale.ROOT),
                "warehouse", standing.warehouseId(),
                "courier", standing.courier());
    }

    @Override
    public Verdict read(Answer answer) {
        return answer.byStatus();
    }
}
