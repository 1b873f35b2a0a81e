package io.ordersync.dev;

import java.util.List;
import java.util.stream.Collectors;
import org.apache.avro.generic.GenericRecord;

/** Tells each record of an order in a line: what it says, and what it is about. */
final class FollowedOrder {
    private static final String TRACKING_NUMBER = "trackingNumber";
    private static final List<String> TOLD = List.of(
            "action",
            "code",
            "state",
            "status",
            "outcome",
            "resolution",
            "stage",
            "kind",
            "severity",
            "refusal",
            "reason",
            "recommendedAction",
            "refundId",
            "refundIds",
            "shipmentId",
            "shipmentIds",
            TRACKING_NUMBER,
            "warehouseId",
            "generation",
            "version");

    private FollowedOrder() {}

    static String line(String topic, String key, GenericRecord value) {
        var told = TOLD.stream()
                .filter(field -> value.hasField(field) && value.get(field) != null)
                .map(field -> field + "=" + shown(field, String.valueOf(value.get(field))))
                .collect(Collectors.joining(" "));
        return "ORDER  " + key + "  " + topic + "  " + told;
    }

    private static String shown(String field, String value) {
        return field.equals(TRACKING_NUMBER) ? RaceLines.masked(value) : value;
    }
}
