package io.ordersync.dev;

import io.ordersync.contract.AlertState;
import io.ordersync.contract.CaseResolved;
import io.ordersync.contract.CaseState;
import io.ordersync.contract.OrderAlert;
import io.ordersync.contract.OrderCase;
import io.ordersync.contract.RecommendedAction;
import io.ordersync.contract.RefundApproved;
import io.ordersync.contract.RefundClosed;
import io.ordersync.contract.RefundOutcome;
import io.ordersync.contract.Resolution;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** The simulated people: buyers who withdraw a refund, and those who take up the cases that are left to them. */
final class AfterSales {
    private static final int REMEMBERED = 10_000;
    private static final List<RefundOutcome> OUTCOMES = List.of(
            RefundOutcome.WITHDRAWN, RefundOutcome.WITHDRAWN, RefundOutcome.REJECTED, RefundOutcome.PAYMENT_FAILED);

    private final WorldProperties properties;
    private final Map<String, Boolean> refunds = new Bounded<>(REMEMBERED);
    private final Map<String, RecommendedAction> advice = new Bounded<>(REMEMBERED);
    private final Map<String, Course> desk = new Bounded<>(REMEMBERED);

    AfterSales(WorldProperties properties) {
        this.properties = properties;
    }

    /** Few refunds are closed, each once. */
    List<Planned> hear(RefundApproved refund, Instant now) {
        var name = DevTopics.orderKey(refund) + '|' + refund.getRefundId();
        var chance = new Chance(properties, name);
        if (refunds.putIfAbsent(name, true) != null || !chance.of(properties.refundsClosedPercent())) {
            return List.of();
        }
        var at = Planned.later(now, refund.getApprovedAt()).plus(chance.hours(3, 20));
        return List.of(new Planned(
                at,
                RefundClosed.newBuilder()
                        .setEventId(Planned.eventId(name, "CLOSED", at))
                        .setPlatform(refund.getPlatform())
                        .setShopId(refund.getShopId())
                        .setOrderId(refund.getOrderId())
                        .setRefundId(refund.getRefundId())
                        .setRefundVersion(refund.getRefundVersion())
                        .setOutcome(chance.pick(OUTCOMES))
                        .setClosedAt(at)
                        .build()));
    }

    /** What an alert advises is remembered until its case is taken up. */
    void hear(OrderAlert alert) {
        if (alert.getState() == AlertState.FIRING) {
            advice.put(alert.getCaseId(), alert.getRecommendedAction());
        }
    }

    /** A person takes up a case in MANUAL, and leaves it when it moves on by itself. */
    List<Planned> hear(OrderCase known, Instant now) {
        var course = desk.remove(known.getCaseId());
        if (course != null) {
            course.leave();
        }
        var chance = new Chance(properties, known.getCaseId());
        if (known.getState() != CaseState.MANUAL || !chance.of(properties.casesResolvedPercent())) {
            return List.of();
        }
        var at = Planned.later(now, known.getUpdatedAt()).plus(chance.hours(8, 20));
        var work = new Course();
        desk.put(known.getCaseId(), work);
        return List.of(new Planned(
                at,
                CaseResolved.newBuilder()
                        .setEventId(Planned.eventId(known.getCaseId(), "RESOLVED", at))
                        .setPlatform(known.getPlatform())
                        .setShopId(known.getShopId())
                        .setOrderId(known.getOrderId())
                        .setCaseId(known.getCaseId())
                        .setResolution(chance.pick(resolutions(known.getCaseId())))
                        .setShipmentIds(known.getShipmentIds())
                        .setResolvedBy("after-sales-" + (1 + chance.percentile() % 9))
                        .setResolvedAt(at)
                        .build(),
                work));
    }

    private List<Resolution> resolutions(String caseId) {
        return switch (advice.getOrDefault(caseId, RecommendedAction.REVIEW)) {
            case REQUEST_RETURN -> List.of(Resolution.BUYER_RETURNED, Resolution.KEPT_AND_REPAID);
            case CLAIM -> List.of(Resolution.CLAIMED);
            case WRITE_OFF -> List.of(Resolution.WRITTEN_OFF);
            case UNKNOWN, NONE, PULL, INTERCEPT, REVIEW ->
                List.of(Resolution.KEPT_AND_REPAID, Resolution.WRITTEN_OFF, Resolution.FALSE_ALARM);
        };
    }
}
