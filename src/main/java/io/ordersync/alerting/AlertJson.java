package io.ordersync.alerting;

import io.ordersync.contract.CollateralLine;
import io.ordersync.contract.LockLine;
import io.ordersync.contract.OrderAlert;
import java.util.List;
import java.util.Map;

/** An alert for machines: its record, without the operator, with masked tracking numbers, and with what people are told to do. */
final class AlertJson {

    /** A record may have 500 lines, a channel a bound for all of it. */
    private static final int MOST = 100;

    private AlertJson() {}

    static Map<String, Object> of(Entry entry, Wording wording) {
        OrderAlert alert = entry.alert();
        return Json.object(
                "alertId", alert.getAlertId(),
                "caseId", alert.getCaseId(),
                "code", alert.getCode().name(),
                "severity", alert.getSeverity().name(),
                "state", alert.getState().name(),
                "platform", alert.getPlatform(),
                "shopId", alert.getShopId(),
                "orderId", alert.getOrderId(),
                "title", wording.title(alert),
                "next", wording.next(alert),
                "recommendedAction", alert.getRecommendedAction().name(),
                "summary", alert.getSummary(),
                "certainty", alert.getCertainty().name(),
                "raceType",
                        alert.getRaceType() == null ? null : alert.getRaceType().name(),
                "raceCause",
                        alert.getRaceCause() == null
                                ? null
                                : alert.getRaceCause().name(),
                "gapMillis", alert.getGapMillis(),
                "exposureMinor", alert.getExposureMinor(),
                "currency", alert.getCurrency(),
                "refundIds", first(alert.getRefundIds()),
                "shipmentIds", first(alert.getShipmentIds()),
                "trackingNumbers", first(Wording.masked(alert.getTrackingNumbers())),
                "warehouseId", alert.getWarehouseId(),
                "courier", alert.getCourier(),
                "categories", first(alert.getCategories()),
                "lines", first(alert.getLines()).stream().map(AlertJson::line).toList(),
                "collateral",
                        first(alert.getCollateral()).stream()
                                .map(AlertJson::line)
                                .toList(),
                "occurredAt", alert.getOccurredAt().toString(),
                "detectedAt", alert.getDetectedAt().toString(),
                "record", entry.id());
    }

    private static <T> List<T> first(List<T> all) {
        return all.size() > MOST ? all.subList(0, MOST) : all;
    }

    private static Map<String, Object> line(LockLine line) {
        return Json.object("lineId", line.getLineId(), "skuId", line.getSkuId(), "quantity", line.getQuantity());
    }

    private static Map<String, Object> line(CollateralLine line) {
        return Json.object(
                "orderId", line.getOrderId(),
                "lineId", line.getLineId(),
                "skuId", line.getSkuId(),
                "quantity", line.getQuantity());
    }
}
