package io.ordersync.streams;

import io.ordersync.domain.Alert;
import io.ordersync.domain.AlertKey;
import io.ordersync.domain.CaseResolved;
import io.ordersync.domain.Effect;
import io.ordersync.domain.Fact.Source;
import io.ordersync.domain.LockKey;
import io.ordersync.domain.OrderFacts;
import io.ordersync.domain.OrderRecord;
import io.ordersync.domain.ParcelStage;
import io.ordersync.domain.ParcelTold;
import io.ordersync.domain.RefundApproved;
import io.ordersync.domain.RefundTold;
import io.ordersync.domain.Scan;
import io.ordersync.domain.Sent;
import io.ordersync.domain.ShipmentCreated;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Reads what {@link OrderRecordCodec} wrote before there were closes, answers, cases and deadlines. Nobody writes it any
 * more: an order has the present layout as soon as something new is told of it.
 */
final class OrderRecordLayout1 {

    static final int VERSION = 1;

    private static final int HAS_ORDERED = 1;
    private static final int HAS_PRICE = 2;
    private static final int HAS_CATEGORY = 4;
    private static final int HAS_WAREHOUSE = 8;
    private static final int HAS_SHIPMENT = 16;

    private static final int DIGITAL = 1;
    private static final int SEEN = 2;
    private static final int DELIVERED = 4;

    private static final int FOUND = 1;
    private static final int PULL = 2;
    private static final int INTERCEPT = 4;

    private OrderRecordLayout1() {}

    static OrderRecord decode(StateReader in) {
        SortedMap<String, RefundTold> refunds = new TreeMap<>();
        in.list(OrderRecordLayout1::refund)
                .forEach(refund ->
                        refunds.put(refund.refundId(), new RefundTold(refund, refund.approvedAt(), null, null)));
        SortedMap<String, ParcelTold> parcels = new TreeMap<>();
        in.list(OrderRecordLayout1::parcel)
                .forEach(told -> parcels.put(Objects.requireNonNull(told.made()).shipmentId(), told));
        Sent sent = in.isAtEnd() ? Sent.NOTHING : sent(in);
        OrderFacts facts =
                new OrderFacts(refunds, parcels, new TreeMap<>(), new TreeMap<>(), new TreeSet<>(CaseResolved.BY_TIME));
        return new OrderRecord(facts, sent, null, null, false, in.baseHour());
    }

    private static RefundApproved refund(StateReader in) {
        return new RefundApproved(
                in.source(),
                in.string(),
                in.string(),
                in.signed(),
                in.symbol(RefundApproved.Kind.values()),
                in.symbol(RefundApproved.Cause.values()),
                in.bool(),
                in.string(),
                in.list(OrderRecordLayout1::refundLine),
                in.time());
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

    private static ParcelTold parcel(StateReader in) {
        Source source = in.source();
        String eventId = in.string();
        String shipmentId = in.string();
        long version = in.signed();
        @Nullable String trackingNumber = in.optionalString();
        @Nullable String courier = in.optionalString();
        @Nullable String warehouseId = in.optionalString();
        @Nullable String operatorId = in.optionalString();
        ShipmentCreated.Purpose purpose = in.symbol(ShipmentCreated.Purpose.values());
        ParcelStage stage = in.symbol(ParcelStage.values());
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
                stage,
                (told & DIGITAL) != 0,
                in.list(StateReader::string),
                in.list(OrderRecordLayout1::shipmentLine),
                in.time());
        // The latest scan, and the first that said DELIVERED.
        SortedSet<Scan> scans = new TreeSet<>(Scan.BY_TIME);
        if ((told & SEEN) != 0) {
            scans.add(new Scan(in.symbol(ParcelStage.values()), sinceMade(in, made)));
        }
        if ((told & DELIVERED) != 0) {
            scans.add(new Scan(ParcelStage.DELIVERED, sinceMade(in, made)));
        }
        return new ParcelTold(made, made.version(), made.createdAt(), null, List.copyOf(scans), null);
    }

    private static Instant sinceMade(StateReader in, ShipmentCreated made) {
        return Instant.ofEpochMilli(made.createdAt().toEpochMilli() + in.signed());
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

    private static Sent sent(StateReader in) {
        SortedMap<LockKey, Sent.Lock> locks = new TreeMap<>();
        in.list(OrderRecordLayout1::lock).forEach(lock -> locks.put(lock.getKey(), lock.getValue()));
        SortedMap<String, Sent.Recall> recalls = new TreeMap<>();
        in.list(OrderRecordLayout1::recall).forEach(recall -> recalls.put(recall.getKey(), recall.getValue()));
        SortedMap<AlertKey, Sent.Firing> alerts = new TreeMap<>();
        in.list(OrderRecordLayout1::alert).forEach(alert -> alerts.put(alert.getKey(), alert.getValue()));
        SortedSet<String> skewed = new TreeSet<>(in.list(StateReader::string));
        return new Sent(locks, recalls, alerts, skewed);
    }

    /** An answer was told to be due and not waited for: nobody is late. */
    private static Sent.Issue issued(StateReader in) {
        return new Sent.Issue(in.time(), null, false);
    }

    /** When it was taken back was not kept. */
    private static Sent.@Nullable Issue takenBack(StateReader in, Sent.Issue issued) {
        return in.bool() ? issued : null;
    }

    private static Map.Entry<LockKey, Sent.Lock> lock(StateReader in) {
        LockKey key = new LockKey(in.string(), in.optionalString());
        long generation = in.signed();
        Sent.Issue issued = issued(in);
        Sent.Lock.First first = new Sent.Lock.First(generation, issued.at());
        return Map.entry(key, new Sent.Lock(first, generation, issued, takenBack(in, issued), false));
    }

    private static Map.Entry<String, Sent.Recall> recall(StateReader in) {
        String shipmentId = in.string();
        int told = in.octet();
        Instant foundAt = (told & FOUND) == 0 ? null : in.time();
        Sent.Pull pull = (told & PULL) == 0 ? null : pull(in);
        List<Sent.Intercept> intercepts = (told & INTERCEPT) == 0 ? List.of() : List.of(intercept(in));
        return Map.entry(shipmentId, new Sent.Recall(foundAt, pull, intercepts));
    }

    private static Sent.Pull pull(StateReader in) {
        int generation = in.count();
        String refundId = in.string();
        String warehouseId = in.optionalString();
        SortedMap<String, Long> units = units(in);
        Sent.Issue issued = issued(in);
        return new Sent.Pull(generation, refundId, warehouseId, units, issued, false, takenBack(in, issued), false);
    }

    private static Sent.Intercept intercept(StateReader in) {
        int generation = in.count();
        List<String> refundIds = in.list(StateReader::string);
        SortedMap<String, Long> units = units(in);
        String trackingNumber = in.string();
        String courier = in.string();
        Effect.Certainty certainty = in.symbol(Effect.Certainty.values());
        Sent.Issue issued = issued(in);
        return new Sent.Intercept(
                generation, refundIds, units, trackingNumber, courier, certainty, issued, takenBack(in, issued), false);
    }

    private static SortedMap<String, Long> units(StateReader in) {
        SortedMap<String, Long> units = new TreeMap<>();
        in.list(from -> Map.entry(from.string(), from.unsigned()))
                .forEach(line -> units.put(line.getKey(), line.getValue()));
        return units;
    }

    /** All were about parcels. */
    private static Map.Entry<AlertKey, Sent.Firing> alert(StateReader in) {
        AlertKey key = new AlertKey(in.symbol(Alert.Code.values()), in.string());
        return Map.entry(
                key,
                new Sent.Firing(
                        in.fixed64(),
                        in.symbol(Alert.Severity.values()),
                        in.symbol(Alert.Action.values()),
                        in.time(),
                        null,
                        key.subject()));
    }
}
