package io.ordersync.domain;

import java.time.Instant;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What all that was told and sent comes to, now or at an earlier moment.
 *
 * @param refunds those that stand, by refundId
 * @param parcels those that were made, by shipmentId
 * @param settled what resolutions have settled
 * @param asOf the moment; null: now
 */
record Picture(
        OrderFacts facts,
        Sent sent,
        SortedMap<String, RefundApproved> refunds,
        SortedMap<String, Parcel> parcels,
        Settled settled,
        @Nullable Instant asOf) {

    static Picture of(OrderFacts facts, Sent sent, Ids ids) {
        Answers answers = new Answers(facts, ids, null);
        return new Picture(
                facts, sent, refunds(facts), parcels(facts, sent, answers), Settled.of(facts, sent, answers), null);
    }

    /**
     * What a person saw who resolved the case: the refunds approved and the parcels made until then, without later scans and
     * answers. A parcel that the resolution names was there, whatever its clock says.
     */
    static Picture seenBy(CaseResolved resolved, OrderFacts facts, Sent sent, Answers answers, Settled settled) {
        Instant moment = resolved.resolvedAt();
        SortedMap<String, RefundApproved> refunds = refunds(facts);
        refunds.values().removeIf(refund -> refund.approvedAt().isAfter(moment));
        SortedMap<String, Parcel> parcels = new TreeMap<>();
        parcels(facts, sent, answers.upTo(moment)).forEach((id, parcel) -> {
            if (resolved.covers(parcel.made()) || !parcel.made().createdAt().isAfter(moment)) {
                parcels.put(id, parcel);
            }
        });
        return new Picture(facts, sent, refunds, parcels, settled, moment);
    }

    private static SortedMap<String, RefundApproved> refunds(OrderFacts facts) {
        SortedMap<String, RefundApproved> standing = new TreeMap<>();
        facts.refunds().forEach((id, told) -> {
            RefundApproved refund = told.standing();
            if (refund != null) {
                standing.put(id, refund);
            }
        });
        return standing;
    }

    private static SortedMap<String, Parcel> parcels(OrderFacts facts, Sent sent, Answers answers) {
        SortedMap<String, Parcel> made = new TreeMap<>();
        facts.parcels().forEach((id, told) -> {
            ShipmentCreated shipment = told.made();
            if (shipment != null) {
                made.put(id, answers.parcel(shipment, told, sent.recall(id)));
            }
        });
        return made;
    }

    /** Units of the parcel that stand recalled: they stay with it. */
    Units askedBackOf(Parcel parcel) {
        return sent.unitsAskedBackOf(parcel.id(), asOf);
    }

    /** Is a unit refunded of a parcel not yet seen? */
    boolean isAnyParcelAwaited() {
        return refunds.values().stream()
                .filter(refund -> refund.kind().counts())
                .flatMap(refund -> refund.lines().stream())
                .anyMatch(line -> line.shipmentId() != null && !parcels.containsKey(line.shipmentId()));
    }
}
