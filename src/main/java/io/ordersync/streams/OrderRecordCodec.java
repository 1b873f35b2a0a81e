package io.ordersync.streams;

import io.ordersync.domain.Alert;
import io.ordersync.domain.AlertKey;
import io.ordersync.domain.Effect;
import io.ordersync.domain.Fact.Source;
import io.ordersync.domain.LockKey;
import io.ordersync.domain.OrderFacts;
import io.ordersync.domain.OrderRecord;
import io.ordersync.domain.Parcel;
import io.ordersync.domain.ParcelStage;
import io.ordersync.domain.RefundApproved;
import io.ordersync.domain.Sent;
import io.ordersync.domain.ShipmentCreated;
import java.time.Instant;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of an order in the store and its changelog. The layout is our own, so that a restore needs no registry; its
 * first byte is its version, and every older version can be read.
 */
final class OrderRecordCodec {

    private static final int VERSION = 1;

    private static final int HAS_ORDERED = 1;
    private static final int HAS_PRICE = 2;
    private static final int HAS_CATEGORY = 4;
    private static final int HAS_WAREHOUSE = 8;
    private static final int HAS_SHIPMENT = 16;

    private static final int DIGITAL = 1;
    private static final int SEEN = 2;
    private static final int DELIVERED = 4;

    private OrderRecordCodec() {}

    static byte[] encode(OrderRecord record) {
        StateWriter out = new StateWriter(VERSION, record.lastArrivalHour());
        out.each(record.facts().refunds().values(), OrderRecordCodec::refund);
        out.each(record.facts().parcels().values(), OrderRecordCodec::parcel);
        // Nothing was sent for most orders: nothing is written then.
        if (!record.sent().equals(Sent.NOTHING)) {
            sent(out, record.sent());
        }
        return out.toBytes();
    }

    /** @throws IllegalStateException when the value was written by a newer version of the service */
    static OrderRecord decode(byte[] value) {
        StateReader in = reader(value);
        SortedMap<String, RefundApproved> refunds = new TreeMap<>();
        in.list(OrderRecordCodec::refund).forEach(refund -> refunds.put(refund.refundId(), refund));
        SortedMap<String, Parcel> parcels = new TreeMap<>();
        in.list(OrderRecordCodec::parcel)
                .forEach(parcel -> parcels.put(parcel.made().shipmentId(), parcel));
        Sent sent = in.isAtEnd() ? Sent.NOTHING : sent(in);
        return new OrderRecord(new OrderFacts(refunds, parcels), sent, in.baseHour());
    }

    /** {@link OrderRecord#lastArrivalHour()} alone, without reading the rest. */
    static long lastArrivalHour(byte[] value) {
        return reader(value).baseHour();
    }

    private static StateReader reader(byte[] value) {
        StateReader in = new StateReader(value);
        if (in.version() != VERSION) {
            throw new IllegalStateException("state has layout " + in.version() + ", this service reads " + VERSION);
        }
        return in;
    }

    // ---------------------------------------------------------------------------------------------------- facts

    private static void refund(StateWriter out, RefundApproved refund) {
        source(out, refund.source());
        out.string(refund.eventId());
        out.string(refund.refundId());
        out.signed(refund.version());
        out.symbol(refund.kind());
        out.symbol(refund.cause());
        out.bool(refund.wholeOrder());
        out.string(refund.currency());
        out.each(refund.lines(), OrderRecordCodec::refundLine);
        out.time(refund.approvedAt());
    }

    private static RefundApproved refund(StateReader in) {
        return new RefundApproved(
                source(in),
                in.string(),
                in.string(),
                in.signed(),
                in.symbol(RefundApproved.Kind.values()),
                in.symbol(RefundApproved.Cause.values()),
                in.bool(),
                in.string(),
                in.list(OrderRecordCodec::refundLine),
                in.time());
    }

    private static void refundLine(StateWriter out, RefundApproved.Line line) {
        out.octet(told(line.orderedQuantity(), HAS_ORDERED)
                | told(line.unitPriceMinor(), HAS_PRICE)
                | told(line.category(), HAS_CATEGORY)
                | told(line.warehouseId(), HAS_WAREHOUSE)
                | told(line.shipmentId(), HAS_SHIPMENT));
        goods(out, line.lineId(), line.skuId(), line.quantity(), line.orderedQuantity(), line.unitPriceMinor());
        stringIfTold(out, line.category());
        stringIfTold(out, line.warehouseId());
        stringIfTold(out, line.shipmentId());
    }

    private static RefundApproved.Line refundLine(StateReader in) {
        int told = in.octet();
        return new RefundApproved.Line(
                in.string(),
                in.string(),
                in.count(),
                (told & HAS_ORDERED) == 0 ? null : (Integer) in.count(),
                (told & HAS_PRICE) == 0 ? null : (Long) in.signed(),
                (told & HAS_CATEGORY) == 0 ? null : in.string(),
                (told & HAS_WAREHOUSE) == 0 ? null : in.string(),
                (told & HAS_SHIPMENT) == 0 ? null : in.string());
    }

    private static void parcel(StateWriter out, Parcel parcel) {
        ShipmentCreated made = parcel.made();
        source(out, made.source());
        out.string(made.eventId());
        out.string(made.shipmentId());
        out.signed(made.version());
        out.string(made.trackingNumber());
        out.string(made.courier());
        out.string(made.warehouseId());
        out.string(made.operatorId());
        out.symbol(made.purpose());
        out.symbol(made.stage());
        out.octet((made.digital() ? DIGITAL : 0) | told(parcel.seenAt(), SEEN) | told(parcel.deliveredAt(), DELIVERED));
        out.each(made.mergedOrderIds(), StateWriter::string);
        out.each(made.lines(), OrderRecordCodec::shipmentLine);
        out.time(made.createdAt());
        if (parcel.seenAt() != null) {
            out.symbol(parcel.stage());
            sinceMade(out, made, parcel.seenAt());
        }
        if (parcel.deliveredAt() != null) {
            sinceMade(out, made, parcel.deliveredAt());
        }
    }

    private static Parcel parcel(StateReader in) {
        Source source = source(in);
        String eventId = in.string();
        String shipmentId = in.string();
        long version = in.signed();
        @Nullable String trackingNumber = in.optionalString();
        @Nullable String courier = in.optionalString();
        @Nullable String warehouseId = in.optionalString();
        @Nullable String operatorId = in.optionalString();
        ShipmentCreated.Purpose purpose = in.symbol(ShipmentCreated.Purpose.values());
        ParcelStage toldStage = in.symbol(ParcelStage.values());
        int told = in.octet();
        ShipmentCreated made = new ShipmentCreated(
                source,
                eventId,
                shipmentId,
                version,
                trackingNumber,
                courier,
                warehouseId,
                operatorId,
                purpose,
                toldStage,
                (told & DIGITAL) != 0,
                in.list(StateReader::string),
                in.list(OrderRecordCodec::shipmentLine),
                in.time());
        boolean seen = (told & SEEN) != 0;
        return new Parcel(
                made,
                seen ? in.symbol(ParcelStage.values()) : ParcelStage.UNKNOWN,
                seen ? sinceMade(in, made) : null,
                (told & DELIVERED) == 0 ? null : sinceMade(in, made));
    }

    private static void shipmentLine(StateWriter out, ShipmentCreated.Line line) {
        out.octet(told(line.orderedQuantity(), HAS_ORDERED)
                | told(line.unitPriceMinor(), HAS_PRICE)
                | told(line.category(), HAS_CATEGORY));
        goods(out, line.lineId(), line.skuId(), line.quantity(), line.orderedQuantity(), line.unitPriceMinor());
        stringIfTold(out, line.category());
    }

    private static ShipmentCreated.Line shipmentLine(StateReader in) {
        int told = in.octet();
        return new ShipmentCreated.Line(
                in.string(),
                in.string(),
                in.count(),
                (told & HAS_ORDERED) == 0 ? null : (Integer) in.count(),
                (told & HAS_PRICE) == 0 ? null : (Long) in.signed(),
                (told & HAS_CATEGORY) == 0 ? null : in.string());
    }

    private static void goods(
            StateWriter out,
            String lineId,
            String skuId,
            int quantity,
            @Nullable Integer orderedQuantity,
            @Nullable Long unitPriceMinor) {
        out.string(lineId);
        out.string(skuId);
        out.unsigned(quantity);
        if (orderedQuantity != null) {
            out.unsigned(orderedQuantity);
        }
        if (unitPriceMinor != null) {
            out.signed(unitPriceMinor);
        }
    }

    private static int told(@Nullable Object value, int bit) {
        return value == null ? 0 : bit;
    }

    private static void stringIfTold(StateWriter out, @Nullable String value) {
        if (value != null) {
            out.string(value);
        }
    }

    private static void source(StateWriter out, Source source) {
        out.unsigned(source.partition());
        out.unsigned(source.offset());
    }

    private static Source source(StateReader in) {
        return new Source(in.count(), in.unsigned());
    }

    /** Most scans tell the moment the parcel was made: one byte then. */
    private static void sinceMade(StateWriter out, ShipmentCreated made, Instant at) {
        out.signed(at.toEpochMilli() - made.createdAt().toEpochMilli());
    }

    private static Instant sinceMade(StateReader in, ShipmentCreated made) {
        return Instant.ofEpochMilli(made.createdAt().toEpochMilli() + in.signed());
    }

    // ----------------------------------------------------------------------------------------------------- sent

    private static void sent(StateWriter out, Sent sent) {
        out.each(sent.locks().entrySet(), OrderRecordCodec::lock);
        out.each(sent.recalls().entrySet(), OrderRecordCodec::recall);
        out.each(sent.alerts().entrySet(), OrderRecordCodec::alert);
        out.each(sent.skewed(), StateWriter::string);
    }

    private static Sent sent(StateReader in) {
        SortedMap<LockKey, Sent.Lock> locks = new TreeMap<>();
        in.list(OrderRecordCodec::lock).forEach(lock -> locks.put(lock.getKey(), lock.getValue()));
        SortedMap<String, Sent.Recall> recalls = new TreeMap<>();
        in.list(OrderRecordCodec::recall).forEach(recall -> recalls.put(recall.getKey(), recall.getValue()));
        SortedMap<AlertKey, Sent.Firing> alerts = new TreeMap<>();
        in.list(OrderRecordCodec::alert).forEach(alert -> alerts.put(alert.getKey(), alert.getValue()));
        SortedSet<String> skewed = new TreeSet<>(in.list(StateReader::string));
        return new Sent(locks, recalls, alerts, skewed);
    }

    private static void lock(StateWriter out, Map.Entry<LockKey, Sent.Lock> lock) {
        out.string(lock.getKey().refundId());
        out.string(lock.getKey().warehouseId());
        out.signed(lock.getValue().generation());
        out.time(lock.getValue().firstIssuedAt());
        out.bool(lock.getValue().released());
    }

    private static Map.Entry<LockKey, Sent.Lock> lock(StateReader in) {
        return Map.entry(
                new LockKey(in.string(), in.optionalString()), new Sent.Lock(in.signed(), in.time(), in.bool()));
    }

    private static void recall(StateWriter out, Map.Entry<String, Sent.Recall> entry) {
        Sent.Recall recall = entry.getValue();
        Sent.Pull pull = recall.pull();
        Sent.Intercept intercept = recall.intercept();
        out.string(entry.getKey());
        out.octet(told(recall.foundAt(), 1) | told(pull, 2) | told(intercept, 4));
        if (recall.foundAt() != null) {
            out.time(recall.foundAt());
        }
        if (pull != null) {
            out.unsigned(pull.generation());
            out.string(pull.refundId());
            out.string(pull.warehouseId());
            units(out, pull.units());
            out.time(pull.issuedAt());
            out.bool(pull.released());
        }
        if (intercept != null) {
            out.unsigned(intercept.generation());
            out.each(intercept.refundIds(), StateWriter::string);
            units(out, intercept.units());
            out.string(intercept.trackingNumber());
            out.string(intercept.courier());
            out.symbol(intercept.certainty());
            out.time(intercept.issuedAt());
            out.bool(intercept.cancelled());
        }
    }

    private static Map.Entry<String, Sent.Recall> recall(StateReader in) {
        String shipmentId = in.string();
        int told = in.octet();
        @Nullable Instant foundAt = (told & 1) == 0 ? null : in.time();
        Sent.@Nullable Pull pull = (told & 2) == 0
                ? null
                : new Sent.Pull(in.count(), in.string(), in.optionalString(), units(in), in.time(), in.bool());
        Sent.@Nullable Intercept intercept = (told & 4) == 0
                ? null
                : new Sent.Intercept(
                        in.count(),
                        in.list(StateReader::string),
                        units(in),
                        in.string(),
                        in.string(),
                        in.symbol(Effect.Certainty.values()),
                        in.time(),
                        in.bool());
        return Map.entry(shipmentId, new Sent.Recall(foundAt, pull, intercept));
    }

    private static void units(StateWriter out, SortedMap<String, Long> units) {
        out.each(units.entrySet(), (to, line) -> {
            to.string(line.getKey());
            to.unsigned(line.getValue());
        });
    }

    private static SortedMap<String, Long> units(StateReader in) {
        SortedMap<String, Long> units = new TreeMap<>();
        in.list(from -> Map.entry(from.string(), from.unsigned()))
                .forEach(line -> units.put(line.getKey(), line.getValue()));
        return units;
    }

    private static void alert(StateWriter out, Map.Entry<AlertKey, Sent.Firing> alert) {
        out.symbol(alert.getKey().code());
        out.string(alert.getKey().subject());
        out.fixed64(alert.getValue().digest());
        out.symbol(alert.getValue().severity());
        out.symbol(alert.getValue().action());
        out.time(alert.getValue().occurredAt());
    }

    private static Map.Entry<AlertKey, Sent.Firing> alert(StateReader in) {
        return Map.entry(
                new AlertKey(in.symbol(Alert.Code.values()), in.string()),
                new Sent.Firing(
                        in.fixed64(), in.symbol(Alert.Severity.values()), in.symbol(Alert.Action.values()), in.time()));
    }
}
