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

    /** Its version 1 is closed as WITHDRAWN at 11:00. */
    static Closed closed(String refundId) {
        return new Closed(refundId);
    }

    /** Its version 1 is void from 11:00. */
    static Voided voided(String shipmentId) {
        return new Voided(shipmentId);
    }

    /** Scanned at 11:00. */
    static Scanned scan(String shipmentId, ParcelStage stage) {
        return new Scanned(shipmentId, stage);
    }

    /** A warehouse's answer of 12:01 to a command by its name in the contract: {@code LOCK|R1@*|1}. */
    static WarehouseAnswer warehouse(String command, WarehouseLockResult.Status status) {
        return new WarehouseAnswer(command, status);
    }

    /** A courier's answer of 12:01 to a command by its name in the contract: {@code INTERCEPT|S1|1}. */
    static CourierAnswer courier(String command, InterceptResult.Status status) {
        return new CourierAnswer(command, status);
    }

    /** The case is closed by a person at 11:30, with all its parcels. */
    static Resolved resolved(CaseResolved.Resolution resolution) {
        return new Resolved(resolution);
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

    /** What all that is told has in common. */
    abstract static class Telling<T extends Telling<T>> {
        private final String name;
        private String eventSuffix = "";

        private Telling(String name) {
            this.name = name;
        }

        /** What it is, and whatever tells it from others of its kind. */
        String name() {
            return name;
        }

        /** It ends so if the scenario says how. */
        final String eventId() {
            return name() + eventSuffix;
        }

        /** Tells it once more: the eventId differs, at its end. */
        T event(String suffix) {
            eventSuffix = suffix;
            return self();
        }

        abstract T self();

        abstract Fact build();
    }

    /** What closes and voids have in common with what they end, and scans and answers with each other. */
    abstract static class Answer<T extends Answer<T>> extends Telling<T> {
        long version = 1;
        Instant time;

        private Answer(String name, String time) {
            super(name);
            this.time = Given.at(time);
        }

        T version(long number) {
            version = number;
            return self();
        }

        T at(String when) {
            return at(Given.at(when));
        }

        T at(Instant when) {
            time = when;
            return self();
        }
    }

    /** What refunds and parcels have in common; what is said of a line is said of the last one. */
    abstract static class Goods<T extends Goods<T>> extends Telling<T> {
        final String id;
        final List<Line> lines = new ArrayList<>();
        long version = 1;

        private Goods(String id) {
            super(id);
            this.id = id;
        }

        @Override
        String name() {
            return id + '@' + version;
        }

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

    static final class Refund extends Goods<Refund> {
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

    static final class Shipment extends Goods<Shipment> {
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

    static final class Closed extends Answer<Closed> {
        private final String refundId;
        private RefundClosed.Outcome outcome = RefundClosed.Outcome.WITHDRAWN;

        private Closed(String refundId) {
            super("closed " + refundId, "11:00");
            this.refundId = refundId;
        }

        Closed outcome(RefundClosed.Outcome why) {
            outcome = why;
            return this;
        }

        @Override
        String name() {
            return super.name() + '@' + version;
        }

        @Override
        Closed self() {
            return this;
        }

        @Override
        RefundClosed build() {
            return new RefundClosed(SOURCE, eventId(), refundId, version, outcome, time);
        }
    }

    static final class Voided extends Answer<Voided> {
        private final String shipmentId;

        private Voided(String shipmentId) {
            super("voided " + shipmentId, "11:00");
            this.shipmentId = shipmentId;
        }

        @Override
        String name() {
            return super.name() + '@' + version;
        }

        @Override
        Voided self() {
            return this;
        }

        @Override
        ShipmentVoided build() {
            return new ShipmentVoided(SOURCE, eventId(), shipmentId, version, time);
        }
    }

    static final class Scanned extends Answer<Scanned> {
        private final String shipmentId;
        private final ParcelStage stage;

        private Scanned(String shipmentId, ParcelStage stage) {
            super(shipmentId + ' ' + stage, "11:00");
            this.shipmentId = shipmentId;
            this.stage = stage;
        }

        @Override
        Scanned self() {
            return this;
        }

        @Override
        ShipmentStatusChanged build() {
            return new ShipmentStatusChanged(SOURCE, eventId(), shipmentId, stage, time);
        }
    }

    static final class WarehouseAnswer extends Answer<WarehouseAnswer> {
        private final String command;
        private final WarehouseLockResult.Status status;
        private WarehouseLockResult.@Nullable Refusal refusal;
        private @Nullable String operatorId;

        private WarehouseAnswer(String command, WarehouseLockResult.Status status) {
            super(command + ' ' + status, "12:01");
            this.command = command;
            this.status = status;
        }

        WarehouseAnswer because(WarehouseLockResult.@Nullable Refusal why) {
            refusal = why;
            return this;
        }

        WarehouseAnswer operator(String pseudonym) {
            operatorId = pseudonym;
            return this;
        }

        @Override
        WarehouseAnswer self() {
            return this;
        }

        @Override
        WarehouseLockResult build() {
            return new WarehouseLockResult(SOURCE, eventId(), commandId(command), status, refusal, operatorId, time);
        }
    }

    static final class CourierAnswer extends Answer<CourierAnswer> {
        private final String command;
        private final InterceptResult.Status status;
        private InterceptResult.@Nullable Reason reason;

        private CourierAnswer(String command, InterceptResult.Status status) {
            super(command + ' ' + status, "12:01");
            this.command = command;
            this.status = status;
        }

        CourierAnswer because(InterceptResult.@Nullable Reason why) {
            reason = why;
            return this;
        }

        @Override
        CourierAnswer self() {
            return this;
        }

        @Override
        InterceptResult build() {
            return new InterceptResult(SOURCE, eventId(), commandId(command), status, reason, time);
        }
    }

    static final class Resolved extends Answer<Resolved> {
        private final CaseResolved.Resolution resolution;
        private List<String> shipmentIds = List.of();

        private Resolved(CaseResolved.Resolution resolution) {
            super(resolution.name(), "11:30");
            this.resolution = resolution;
        }

        /** Only those parcels. */
        Resolved of(String... parcels) {
            shipmentIds = List.of(parcels);
            return this;
        }

        @Override
        Resolved self() {
            return this;
        }

        @Override
        CaseResolved build() {
            String caseId = ContractId.of(Outbox.ORDER + "|CASE").toString();
            return new CaseResolved(SOURCE, eventId(), caseId, resolution, shipmentIds, time);
        }
    }

    private static String commandId(String name) {
        return ContractId.of(Outbox.ORDER + "|" + name).toString();
    }
}
