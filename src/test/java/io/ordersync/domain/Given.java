package io.ordersync.domain;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Facts as a scenario names them, all of 2026-11-20 UTC; what it leaves unsaid has the value most scenarios mean. */
final class Given {
    private static final Fact.Source SOURCE = new Fact.Source(0, 0);

    private Given() {}

    /** A cancellation before shipment, approved at 10:00, without lines yet. */
    static Refund refund(String refundId) {
        return new Refund(refundId);
    }

    /** An original parcel of courier SF, in transit, created in W1 at 10:40, without lines yet. */
    static Shipment parcel(String shipmentId) {
        return new Shipment(shipmentId);
    }

    static List<Fact> facts(Telling<?>... tellings) {
        return Arrays.stream(tellings).<Fact>map(Telling::build).toList();
    }

    static Instant at(String time) {
        return LocalDate.of(2026, 11, 20).atTime(LocalTime.parse(time)).toInstant(ZoneOffset.UTC);
    }

    /** One line as far as it is told. */
    static final class Line {
        final String id;
        final int quantity;

        @Nullable
        Integer ordered;

        @Nullable
        Long price = 12900L;

        @Nullable
        String warehouseId;

        @Nullable
        String shipmentId;

        @Nullable
        String category;

        Line(String id, int quantity) {
            this.id = id;
            this.quantity = quantity;
        }
    }

    /** What refunds and parcels have in common; what is said of a line is said of the last one. */
    abstract static class Telling<T extends Telling<T>> {
        final String id;
        final List<Line> lines = new ArrayList<>();
        long version = 1;
        String eventSuffix = "";

        private Telling(String id) {
            this.id = id;
        }

        /** The eventId; it ends so if the scenario says how. */
        String eventId() {
            return id + '@' + version + eventSuffix;
        }

        /** Tells it once more: the eventId differs, at its end. */
        T event(String suffix) {
            eventSuffix = suffix;
            return self();
        }

        abstract T self();

        abstract Fact build();

        T line(String lineId, int quantity) {
            lines.add(new Line(lineId, quantity));
            return self();
        }

        T ordered(int units) {
            lines.getLast().ordered = units;
            return self();
        }

        T price(@Nullable Long minor) {
            lines.getLast().price = minor;
            return self();
        }

        T category(String what) {
            lines.getLast().category = what;
            return self();
        }

        T version(long number) {
            version = number;
            return self();
        }
    }

    static final class Refund extends Telling<Refund> {
        private RefundApproved.Kind kind = RefundApproved.Kind.CANCEL_BEFORE_SHIPMENT;
        private RefundApproved.Cause cause = RefundApproved.Cause.BUYER_REQUEST;
        private boolean wholeOrder;
        private String currency = "CNY";
        private Instant approvedAt = at("10:00");

        private Refund(String refundId) {
            super(refundId);
        }

        /** Binds the last line to that parcel. */
        Refund of(String shipmentId) {
            lines.getLast().shipmentId = shipmentId;
            return this;
        }

        Refund warehouse(String warehouseId) {
            lines.getLast().warehouseId = warehouseId;
            return this;
        }

        Refund kind(RefundApproved.Kind what) {
            kind = what;
            return this;
        }

        Refund cause(RefundApproved.Cause why) {
            cause = why;
            return this;
        }

        Refund wholeOrder() {
            wholeOrder = true;
            return this;
        }

        Refund currency(String code) {
            currency = code;
            return this;
        }

        Refund approvedAt(String time) {
            return approvedAt(at(time));
        }

        Refund approvedAt(Instant time) {
            approvedAt = time;
            return this;
        }

        @Override
        Refund self() {
            return this;
        }

        @Override
        RefundApproved build() {
            var told = lines.stream()
                    .map(l -> new RefundApproved.Line(
                            l.id,
                            "SKU-" + l.id,
                            l.quantity,
                            l.ordered,
                            l.price,
                            l.category,
                            l.warehouseId,
                            l.shipmentId))
                    .toList();
            return new RefundApproved(
                    SOURCE, eventId(), id, version, kind, cause, wholeOrder, currency, told, approvedAt);
        }
    }

    static final class Shipment extends Telling<Shipment> {
        private @Nullable String trackingNumber = "SF1234567890";
        private @Nullable String courier = "SF";
        private @Nullable String operatorId;
        private ShipmentCreated.Purpose purpose = ShipmentCreated.Purpose.ORIGINAL;
        private ParcelStage stage = ParcelStage.IN_TRANSIT;
        private String warehouseId = "W1";
        private boolean digital;
        private List<String> mergedOrderIds = List.of();
        private Instant createdAt = at("10:40");

        private Shipment(String shipmentId) {
            super(shipmentId);
        }

        Shipment untracked() {
            trackingNumber = null;
            return this;
        }

        Shipment tracking(String number) {
            trackingNumber = number;
            return this;
        }

        Shipment courier(@Nullable String code) {
            courier = code;
            return this;
        }

        Shipment warehouse(String id) {
            warehouseId = id;
            return this;
        }

        Shipment operator(String pseudonym) {
            operatorId = pseudonym;
            return this;
        }

        Shipment purpose(ShipmentCreated.Purpose why) {
            purpose = why;
            return this;
        }

        Shipment stage(ParcelStage where) {
            stage = where;
            return this;
        }

        Shipment digital() {
            digital = true;
            return this;
        }

        Shipment mergedWith(String... orderIds) {
            mergedOrderIds = List.of(orderIds);
            return this;
        }

        Shipment createdAt(String time) {
            return createdAt(at(time));
        }

        Shipment createdAt(Instant time) {
            createdAt = time;
            return this;
        }

        @Override
        Shipment self() {
            return this;
        }

        @Override
        ShipmentCreated build() {
            var told = lines.stream()
                    .map(l -> new ShipmentCreated.Line(l.id, "SKU-" + l.id, l.quantity, l.ordered, l.price, l.category))
                    .toList();
            return new ShipmentCreated(
                    SOURCE,
                    eventId(),
                    id,
                    version,
                    trackingNumber,
                    courier,
                    warehouseId,
                    operatorId,
                    purpose,
                    stage,
                    digital,
                    mergedOrderIds,
                    told,
                    createdAt);
        }
    }
}
