package io.ordersync.domain;

import java.time.Instant;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What all that was told and sent comes to, now or at an earlier moment.
 *
 * @param refunds those that stand, by refundId
 * @param parcels those that were made, by shipmentId
 * @param settled what resolutions have settled
 * @param seenBy whose resolution sees it so; null: it is so now
 */
record Picture(
        OrderFacts facts,
        Sent sent,
        SortedMap<String, RefundApproved> refunds,
        SortedMap<String, Parcel> parcels,
        Settled settled,
        @Nullable CaseResolved seenBy) {

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
        refunds.keySet()
                .removeIf(id -> !Objects.requireNonNull(facts.refunds().get(id)).isApprovedBy(moment));
        SortedMap<String, Parcel> parcels = new TreeMap<>();
        parcels(facts, sent, answers.upTo(moment)).forEach((id, parcel) -> {
            ParcelTold told = Objects.requireNonNull(facts.parcels().get(id));
            if (resolved.covers(told) || resolved.wasThere(told)) {
                parcels.put(id, parcel);
            }
        });
        return new Picture(facts, sent, refunds, parcels, settled, resolved);
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

    /** Does the resolution settle what the parcel holds in excess? */
    boolean isCovered(CaseResolved resolved, Parcel parcel) {
        return resolved.covers(Objects.requireNonNull(facts.parcels().get(parcel.id())));
    }

    /** Did the person who resolved the case name the parcel? Units are alike: then his are the ones in excess. */
    boolean isNamed(Parcel parcel) {
        return seenBy != null && seenBy.shipmentIds().contains(parcel.id());
    }

    /** Units that stand recalled stay with their parcel. What a person settled does not depend on what was sent. */
    Units askedBackOf(Parcel parcel) {
        return seenBy == null ? sent.unitsAskedBackOf(parcel.id()) : new Units();
    }

    /** Is a unit refunded of a parcel not yet seen? */
    boolean isAnyParcelAwaited() {
        return refunds.values().stream()
                .filter(refund -> refund.kind().counts())
                .flatMap(refund -> refund.lines().stream())
                .anyMatch(line -> line.shipmentId() != null && !parcels.containsKey(line.shipmentId()));
    }
}
