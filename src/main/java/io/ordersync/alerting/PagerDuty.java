package io.ordersync.alerting;

import io.ordersync.contract.AlertSeverity;
import io.ordersync.contract.AlertState;
import io.ordersync.contract.OrderAlert;
import java.net.URI;
import java.time.Instant;
import java.util.Map;

/**
 * PagerDuty: Events API v2
 * (<a href="https://developer.pagerduty.com/docs/events-api-v2-overview">overview</a>). An event for each change of an alert,
 * by its alertId: what fires again joins the incident that is open, what is resolved ends it. About 120 a minute for a key.
 */
final class PagerDuty implements Channel {

    private static final int SUMMARY = 1_024;

    private final URI uri;
    private final String routingKey;
    private final Wording wording;

    PagerDuty(URI uri, String routingKey, Wording wording) {
        this.uri = uri;
        this.routingKey = routingKey;
        this.wording = wording;
    }

    @Override
    public Shape shape() {
        return new Shape(1, 1, false, false);
    }

    @Override
    public Request request(Letter letter, Instant now) {
        OrderAlert alert = letter.first();
        boolean resolved = alert.getState() == AlertState.RESOLVED;
        Map<String, Object> event = Json.object(
                "routing_key",
                routingKey,
                "event_action",
                resolved ? "resolve" : "trigger",
                "dedup_key",
                alert.getAlertId(),
                "client",
                "order-sync",
                "payload",
                resolved ? null : payload(letter, alert));
        return new Request(uri, Map.of(), Json.text(event));
    }

    private Map<String, Object> payload(Letter letter, OrderAlert alert) {
        Map<String, Object> details = AlertJson.of(letter.entries().getLast(), wording);
        details.put("id", letter.id());
        return Json.object(
                "summary", Text.cut(wording.title(alert), SUMMARY),
                "source", "order-sync " + alert.getPlatform() + ":" + alert.getShopId(),
                "severity", severity(alert.getSeverity()),
                "timestamp", alert.getDetectedAt().toString(),
                "component", alert.getCourier(),
                "group", alert.getWarehouseId(),
                "class", alert.getCode().name(),
                "custom_details", details);
    }

    private static String severity(AlertSeverity severity) {
        return switch (severity) {
            case CRITICAL -> "critical";
            case HIGH -> "error";
            case MEDIUM, UNKNOWN -> "warning";
            case LOW -> "info";
        };
    }

    @Override
    public Verdict read(Answer answer) {
        return answer.byStatus();
    }
}
