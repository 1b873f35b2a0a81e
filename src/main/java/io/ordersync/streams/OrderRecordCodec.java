package io.ordersync.streams;

import io.ordersync.domain.Alert;
import io.ordersync.domain.AlertKey;
import io.ordersync.domain.CaseResolved;
import io.ordersync.domain.Effect;
import io.ordersync.domain.Fact;
import io.ordersync.domain.Fact.Source;
import io.ordersync.domain.InterceptResult;
import io.ordersync.domain.LockKey;
import io.ordersync.domain.OrderCase;
import io.ordersync.domain.OrderFacts;
import io.ordersync.domain.OrderRecord;
import io.ordersync.domain.ParcelStage;
import io.ordersync.domain.ParcelTold;
import io.ordersync.domain.RaceTiming;
import io.ordersync.domain.RefundApproved;
import io.ordersync.domain.RefundClosed;
import io.ordersync.domain.RefundTold;
import io.ordersync.domain.Scan;
import io.ordersync.domain.Sent;
import io.ordersync.domain.ShipmentCreated;
import io.ordersync.domain.ShipmentStatusChanged;
import io.ordersync.domain.ShipmentVoided;
import io.ordersync.domain.WarehouseLockResult;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of an order in the store and its changelog. The layout is our own, so that a restore needs no registry; its
 * first byte is its version, and every older version can be read.
 */
final class OrderRecordCodec {

    private static final int VERSION = 2;

    /** Which parts follow: most orders have a parcel and nothing else. */
    private static final int HAS_REFUNDS = 1;

    private static final int HAS_PARCELS = 2;
    private static final int HAS_SENT = 4;
    private static final int HAS_ANSWERS = 8;
    private static final int HAS_RESOLUTIONS = 16;
    private static final int HAS_CASE = 32;
    private static final int HAS_DUE = 64;
    private static final int IS_ERASING = 128;

    private static final int HAS_ORDERED = 1;
    private static final int HAS_PRICE = 2;
    private static final int HAS_CATEGORY = 4;
    private static final int HAS_WAREHOUSE = 8;
    private static final int HAS_SHIPMENT = 16;

    private static final int IS_APPROVED = 1;
    private static final int IS_CLOSED = 2;
    private static final int IS_UNPAID = 4;

    private static final int IS_MADE = 1;
    private static final int IS_VOIDED = 2;
    private static final int HAS_STATUS = 4;
    private static final int HAS_FORMER_VERSION = 8;

    private static final int DIGITAL = 1;
    /** Of layout 1. */
    private static final int SEEN = 2;
    /** Of layout 1. */
    private static final int DELIVERED = 4;

    private OrderRecordCodec() {}

    static byte[] encode(OrderRecord record) {
        OrderFacts facts = record.facts();
        OrderCase orderCase = record.orderCase();
        Instant due = record.due();
        boolean sent = !record.sent().equals(Sent.NOTHING);
        boolean answers =
                !facts.lockResults().isEmpty() || !facts.interceptResults().isEmpty();
        StateWriter out = new StateWriter(VERSION, record.lastArrivalHour());
        out.octet(bit(!facts.refunds().isEmpty(), HAS_REFUNDS)
                | bit(!facts.parcels().isEmpty(), HAS_PARCELS)
                | bit(sent, HAS_SENT)
                | bit(answers, HAS_ANSWERS)
                | bit(!facts.resolutions().isEmpty(), HAS_RESOLUTIONS)
                | told(orderCase, HAS_CASE)
                | told(due, HAS_DUE)
                | bit(record.erasing(), IS_ERASING));
        if (!facts.refunds().isEmpty()) {
            out.each(facts.refunds().entrySet(), OrderRecordCodec::refundTold);
        }
        if (!facts.parcels().isEmpty()) {
            out.each(facts.parcels().entrySet(), OrderRecordCodec::parcelTold);
        }
        if (answers) {
            out.each(facts.lockResults().values(), OrderRecordCodec::lockResult);
            out.each(facts.interceptResults().values(), OrderRecordCodec::interceptResult);
        }
        if (!facts.resolutions().isEmpty()) {
            out.each(facts.resolutions(), OrderRecordCodec::resolution);
        }
        if (sent) {
            sent(out, record.sent());
        }
        if (orderCase != null) {
            orderCase(out, orderCase);
        }
        if (due != null) {
            out.time(due);
        }
        return out.toBytes();
    }

    /** @throws IllegalStateException when the value was written by a newer version of the service */
    static OrderRecord decode(byte[] value) {
        StateReader in = reader(value);
        if (in.version() == 1) {
            return decodeLayout1(in);
        }
        int has = in.octet();
        SortedMap<String, RefundTold> refunds = new TreeMap<>();
        if ((has & HAS_REFUNDS) != 0) {
            in.list(OrderRecordCodec::refundTold).forEach(told -> refunds.put(told.getKey(), told.getValue()));
        }
        SortedMap<String, ParcelTold> parcels = new TreeMap<>();
        if ((has & HAS_PARCELS) != 0) {
            in.list(OrderRecordCodec::parcelTold).forEach(told -> parcels.put(told.getKey(), told.getValue()));
        }
        SortedMap<String, WarehouseLockResult> lockResults = new TreeMap<>();
        SortedMap<String, InterceptResult> interceptResults = new TreeMap<>();
        if ((has & HAS_ANSWERS) != 0) {
            in.list(OrderRecordCodec::lockResult).forEach(result -> lockResults.put(result.commandId(), result));
            in.list(OrderRecordCodec::interceptResult)
                    .forEach(result -> interceptResults.put(result.commandId(), result));
        }
        SortedSet<CaseResolved> resolutions = new TreeSet<>(CaseResolved.BY_TIME);
        if ((has & HAS_RESOLUTIONS) != 0) {
            resolutions.addAll(in.list(OrderRecordCodec::resolution));
        }
        return new OrderRecord(
                new OrderFacts(refunds, parcels, lockResults, interceptResults, resolutions),
                (has & HAS_SENT) == 0 ? Sent.NOTHING : sent(in),
                (has & HAS_CASE) == 0 ? null : orderCase(in),
                (has & HAS_DUE) == 0 ? null : in.time(),
                (has & IS_ERASING) != 0,
                in.baseHour());
    }

    /** Of before there were answers, cases and deadlines. */
    private static OrderRecord decodeLayout1(StateReader in) {
        SortedMap<String, RefundTold> refunds = new TreeMap<>();
        in.list(OrderRecordCodec::refund)
                .forEach(refund -> refunds.put(refund.refundId(), new RefundTold(refund, null, null)));
        SortedMap<String, ParcelTold> parcels = new TreeMap<>();
        in.list(OrderRecordCodec::parcelOfLayout1)
                .forEach(told -> parcels.put(Objects.requireNonNull(told.made()).shipmentId(), told));
        Sent sent = in.isAtEnd() ? Sent.NOTHING : sent(in);
        OrderFacts facts =
                new OrderFacts(refunds, parcels, new TreeMap<>(), new TreeMap<>(), new TreeSet<>(CaseResolved.BY_TIME));
        return new OrderRecord(facts, sent, null, null, false, in.baseHour());
    }

    /** {@link OrderRecord#lastArrivalHour()} alone, without reading the rest. */
    static long lastArrivalHour(byte[] value) {
        return reader(value).baseHour();
    }

    private static StateReader reader(byte[] value) {
        StateReader in = new StateReader(value);
        if (in.version() < 1 || in.version() > VERSION) {
            throw new IllegalStateException(
                    "state has layout " + in.version() + ", this service reads up to " + VERSION);
        }
        return in;
    }

    // ---------------------------------------------------------------------------------------------------- facts

    private static void refundTold(StateWriter out, Map.Entry<String, RefundTold> entry) {
        RefundTold told = entry.getValue();
        RefundApproved approved = told.approved();
        out.octet(told(approved, IS_APPROVED) | told(told.closed(), IS_CLOSED) | told(told.unpaid(), IS_UNPAID));
        if (approved != null) {
            refund(out, approved);
        }
        if (told.closed() != null) {
            close(out, told.closed());
        }
        if (told.unpaid() != null) {
            close(out, told.unpaid());
        }
    }

    private static Map.Entry<String, RefundTold> refundTold(StateReader in) {
        int told = in.octet();
        RefundApproved approved = (told & IS_APPROVED) == 0 ? null : refund(in);
        RefundClosed closed = (told & IS_CLOSED) == 0 ? null : close(in);
        RefundClosed unpaid = (told & IS_UNPAID) == 0 ? null : close(in);
        String refundId = Stream.of(approved, closed, unpaid)
                .filter(Objects::nonNull)
                .map(Fact::subject)
                .findFirst()
                .orElseThrow();
        return Map.entry(refundId, new RefundTold(approved, closed, unpaid));
    }

    private static void close(StateWriter out, RefundClosed closed) {
        source(out, closed.source());
        out.string(closed.eventId());
        out.string(closed.refundId());
        out.signed(closed.version());
        out.symbol(closed.outcome());
        out.time(closed.closedAt());
    }

    private static RefundClosed close(StateReader in) {
        return new RefundClosed(
                source(in), in.string(), in.string(), in.signed(), in.symbol(RefundClosed.Outcome.values()), in.time());
    }

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

    private static void parcelTold(StateWriter out, Map.Entry<String, ParcelTold> entry) {
        ParcelTold told = entry.getValue();
        ShipmentCreated made = told.made();
        boolean former = made != null && made.version() != told.firstVersion();
        out.octet(told(made, IS_MADE)
                | told(told.voided(), IS_VOIDED)
                | told(told.lastStatus(), HAS_STATUS)
                | bit(former, HAS_FORMER_VERSION));
        if (made == null) {
            out.string(entry.getKey());
        } else {
            made(out, made);
        }
        if (former) {
            out.signed(told.firstVersion());
        }
        if (told.voided() != null) {
            ShipmentVoided voided = told.voided();
            source(out, voided.source());
            out.string(voided.eventId());
            out.signed(voided.version());
            out.time(voided.voidedAt());
        }
        if (told.lastStatus() != null) {
            ShipmentStatusChanged status = told.lastStatus();
            source(out, status.source());
            out.string(status.eventId());
            out.symbol(status.stage());
            out.time(status.occurredAt());
        }
        // Most scans tell the moment the parcel was made: one byte then.
        out.each(told.scans(), (to, scan) -> {
            to.symbol(scan.stage());
            to.signed(scan.at().toEpochMilli() - scansFrom(to.baseMillis(), made));
        });
    }

    private static long scansFrom(long baseMillis, @Nullable ShipmentCreated made) {
        return made == null ? baseMillis : made.createdAt().toEpochMilli();
    }

    private static Map.Entry<String, ParcelTold> parcelTold(StateReader in) {
        int told = in.octet();
        ShipmentCreated made = (told & IS_MADE) == 0 ? null : made(in);
        String shipmentId = made == null ? in.string() : made.shipmentId();
        long firstVersion = (told & HAS_FORMER_VERSION) == 0 ? made == null ? 0 : made.version() : in.signed();
        ShipmentVoided voided = (told & IS_VOIDED) == 0
                ? null
                : new ShipmentVoided(source(in), in.string(), shipmentId, in.signed(), in.time());
        ShipmentStatusChanged status = (told & HAS_STATUS) == 0
                ? null
                : new ShipmentStatusChanged(
                        source(in), in.string(), shipmentId, in.symbol(ParcelStage.values()), in.time());
        List<Scan> scans = in.list(from -> new Scan(
                from.symbol(ParcelStage.values()),
                Instant.ofEpochMilli(scansFrom(StateReader.baseMillis(from.baseHour()), made) + from.signed())));
        return Map.entry(shipmentId, new ParcelTold(made, firstVersion, voided, scans, status));
    }

    private static void made(StateWriter out, ShipmentCreated made) {
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
        out.octet(bit(made.digital(), DIGITAL));
        out.each(made.mergedOrderIds(), StateWriter::string);
        out.each(made.lines(), OrderRecordCodec::shipmentLine);
        out.time(made.createdAt());
    }

    private static ShipmentCreated made(StateReader in) {
        return made(in, new int[1]);
    }

    /** @param flags where to put the octet of flags: in layout 1 it says what follows */
    private static ShipmentCreated made(StateReader in, int[] flags) {
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
        flags[0] = in.octet();
        return new ShipmentCreated(
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
                (flags[0] & DIGITAL) != 0,
                in.list(StateReader::string),
                in.list(OrderRecordCodec::shipmentLine),
                in.time());
    }

    private static ParcelTold parcelOfLayout1(StateReader in) {
        int[] flags = new int[1];
        ShipmentCreated made = made(in, flags);
        SortedSet<Scan> scans = new TreeSet<>(Scan.BY_TIME);
        long madeAt = made.createdAt().toEpochMilli();
        if ((flags[0] & SEEN) != 0) {
            scans.add(new Scan(in.symbol(ParcelStage.values()), Instant.ofEpochMilli(madeAt + in.signed())));
        }
        if ((flags[0] & DELIVERED) != 0) {
            scans.add(new Scan(ParcelStage.DELIVERED, Instant.ofEpochMilli(madeAt + in.signed())));
        }
        return new ParcelTold(made, made.version(), null, List.copyOf(scans), null);
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

    private static int bit(boolean is, int bit) {
        return is ? bit : 0;
    }

    // -------------------------------------------------------------------------------------------------- answers

    private static void lockResult(StateWriter out, WarehouseLockResult result) {
        source(out, result.source());
        out.string(result.eventId());
        out.string(result.commandId());
        out.symbol(result.status());
        out.optionalSymbol(result.refusal());
        out.string(result.operatorId());
        out.time(result.occurredAt());
    }

    private static WarehouseLockResult lockResult(StateReader in) {
        return new WarehouseLockResult(
                source(in),
                in.string(),
                in.string(),
                in.symbol(WarehouseLockResult.Status.values()),
                in.optionalSymbol(WarehouseLockResult.Refusal.values()),
                in.optionalString(),
                in.time());
    }

    private static void interceptResult(StateWriter out, InterceptResult result) {
        source(out, result.source());
        out.string(result.eventId());
        out.string(result.commandId());
        out.symbol(result.status());
        out.optionalSymbol(result.reason());
        out.time(result.occurredAt());
    }

    private static InterceptResult interceptResult(StateReader in) {
        return new InterceptResult(
                source(in),
                in.string(),
                in.string(),
                in.symbol(InterceptResult.Status.values()),
                in.optionalSymbol(InterceptResult.Reason.values()),
                in.time());
    }

    private static void resolution(StateWriter out, CaseResolved resolved) {
        source(out, resolved.source());
        out.string(resolved.eventId());
        out.string(resolved.caseId());
        out.symbol(resolved.resolution());
        out.each(resolved.shipmentIds(), StateWriter::string);
        out.time(resolved.resolvedAt());
    }

    private static CaseResolved resolution(StateReader in) {
        return new CaseResolved(
                source(in),
                in.string(),
                in.string(),
                in.symbol(CaseResolved.Resolution.values()),
                in.list(StateReader::string),
                in.time());
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

    private static void issue(StateWriter out, Sent.Issue issue) {
        out.time(issue.at());
        out.octet(told(issue.answerBy(), 1) | bit(issue.overdue(), 2));
        if (issue.answerBy() != null) {
            out.signed(issue.answerBy().toEpochMilli() - issue.at().toEpochMilli());
        }
    }

    private static Sent.Issue issue(StateReader in) {
        Instant at = in.time();
        int told = in.octet();
        Instant answerBy = (told & 1) == 0 ? null : Instant.ofEpochMilli(at.toEpochMilli() + in.signed());
        return new Sent.Issue(at, answerBy, (told & 2) != 0);
    }

    /** Of layout 1: when it was taken back was not kept. */
    private static Sent.@Nullable Issue takenBack(boolean is, Instant issuedAt) {
        return is ? new Sent.Issue(issuedAt, null, false) : null;
    }

    private static void lock(StateWriter out, Map.Entry<LockKey, Sent.Lock> entry) {
        Sent.Lock lock = entry.getValue();
        boolean isFirst = lock.first().generation() == lock.generation();
        out.string(entry.getKey().refundId());
        out.string(entry.getKey().warehouseId());
        out.octet(told(lock.released(), 1) | bit(lock.shadow(), 2) | bit(!isFirst, 4));
        out.signed(lock.generation());
        issue(out, lock.issued());
        if (!isFirst) {
            out.signed(lock.first().generation());
            out.time(lock.first().issuedAt());
        }
        if (lock.released() != null) {
            issue(out, lock.released());
        }
    }

    private static Map.Entry<LockKey, Sent.Lock> lock(StateReader in) {
        LockKey key = new LockKey(in.string(), in.optionalString());
        if (in.version() == 1) {
            long generation = in.signed();
            Instant issuedAt = in.time();
            return Map.entry(
                    key,
                    new Sent.Lock(
                            new Sent.Lock.First(generation, issuedAt),
                            generation,
                            new Sent.Issue(issuedAt, null, false),
                            takenBack(in.bool(), issuedAt),
                            false));
        }
        int told = in.octet();
        long generation = in.signed();
        Sent.Issue issued = issue(in);
        Sent.Lock.First first = (told & 4) == 0
                ? new Sent.Lock.First(generation, issued.at())
                : new Sent.Lock.First(in.signed(), in.time());
        return Map.entry(
                key, new Sent.Lock(first, generation, issued, (told & 1) == 0 ? null : issue(in), (told & 2) != 0));
    }

    private static void recall(StateWriter out, Map.Entry<String, Sent.Recall> entry) {
        Sent.Recall recall = entry.getValue();
        Sent.Pull pull = recall.pull();
        out.string(entry.getKey());
        out.octet(told(recall.foundAt(), 1)
                | told(pull, 2)
                | bit(!recall.intercepts().isEmpty(), 4));
        if (recall.foundAt() != null) {
            out.time(recall.foundAt());
        }
        if (pull != null) {
            out.unsigned(pull.generation());
            out.string(pull.refundId());
            out.string(pull.warehouseId());
            units(out, pull.units());
            out.octet(told(pull.released(), 1) | bit(pull.shadow(), 2) | bit(pull.graceOver(), 4));
            issue(out, pull.issued());
            if (pull.released() != null) {
                issue(out, pull.released());
            }
        }
        if (!recall.intercepts().isEmpty()) {
            out.each(recall.intercepts(), OrderRecordCodec::intercept);
        }
    }

    private static void intercept(StateWriter out, Sent.Intercept intercept) {
        out.unsigned(intercept.generation());
        out.each(intercept.refundIds(), StateWriter::string);
        units(out, intercept.units());
        out.string(intercept.trackingNumber());
        out.string(intercept.courier());
        out.symbol(intercept.certainty());
        out.octet(told(intercept.cancelled(), 1) | bit(intercept.shadow(), 2));
        issue(out, intercept.issued());
        if (intercept.cancelled() != null) {
            issue(out, intercept.cancelled());
        }
    }

    private static Map.Entry<String, Sent.Recall> recall(StateReader in) {
        String shipmentId = in.string();
        int told = in.octet();
        Instant foundAt = (told & 1) == 0 ? null : in.time();
        Sent.Pull pull = (told & 2) == 0 ? null : pull(in);
        List<Sent.Intercept> intercepts = (told & 4) == 0
                ? List.of()
                : in.version() == 1 ? List.of(intercept(in)) : in.list(OrderRecordCodec::intercept);
        return Map.entry(shipmentId, new Sent.Recall(foundAt, pull, intercepts));
    }

    private static Sent.Pull pull(StateReader in) {
        int generation = in.count();
        String refundId = in.string();
        String warehouseId = in.optionalString();
        SortedMap<String, Long> units = units(in);
        if (in.version() == 1) {
            Sent.Issue issued = new Sent.Issue(in.time(), null, false);
            Sent.Issue released = takenBack(in.bool(), issued.at());
            return new Sent.Pull(generation, refundId, warehouseId, units, issued, false, released, false);
        }
        int told = in.octet();
        return new Sent.Pull(
                generation,
                refundId,
                warehouseId,
                units,
                issue(in),
                (told & 4) != 0,
                (told & 1) == 0 ? null : issue(in),
                (told & 2) != 0);
    }

    private static Sent.Intercept intercept(StateReader in) {
        int generation = in.count();
        List<String> refundIds = in.list(StateReader::string);
        SortedMap<String, Long> units = units(in);
        String trackingNumber = in.string();
        String courier = in.string();
        Effect.Certainty certainty = in.symbol(Effect.Certainty.values());
        boolean layout1 = in.version() == 1;
        int told = layout1 ? 0 : in.octet();
        Sent.Issue issued = layout1 ? new Sent.Issue(in.time(), null, false) : issue(in);
        Sent.Issue cancelled = layout1 ? takenBack(in.bool(), issued.at()) : (told & 1) == 0 ? null : issue(in);
        return new Sent.Intercept(
                generation, refundIds, units, trackingNumber, courier, certainty, issued, cancelled, (told & 2) != 0);
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
        Sent.Firing firing = alert.getValue();
        out.symbol(alert.getKey().code());
        out.string(alert.getKey().subject());
        out.fixed64(firing.digest());
        out.symbol(firing.severity());
        out.symbol(firing.action());
        out.time(firing.occurredAt());
        out.string(firing.refundId());
        out.string(firing.shipmentId());
    }

    private static Map.Entry<AlertKey, Sent.Firing> alert(StateReader in) {
        AlertKey key = new AlertKey(in.symbol(Alert.Code.values()), in.string());
        long digest = in.fixed64();
        Alert.Severity severity = in.symbol(Alert.Severity.values());
        Alert.Action action = in.symbol(Alert.Action.values());
        Instant occurredAt = in.time();
        // In layout 1 all were about parcels.
        String refundId = in.version() == 1 ? null : in.optionalString();
        String shipmentId = in.version() == 1 ? key.subject() : in.optionalString();
        return Map.entry(key, new Sent.Firing(digest, severity, action, occurredAt, refundId, shipmentId));
    }

    // ----------------------------------------------------------------------------------------------------- case

    private static void orderCase(StateWriter out, OrderCase orderCase) {
        RaceTiming race = orderCase.race();
        out.octet(told(orderCase.outcome(), 1)
                | told(race, 2)
                | told(orderCase.exposureMinor(), 4)
                | told(orderCase.closedAt(), 8));
        out.string(orderCase.id().toString());
        out.symbol(orderCase.state());
        if (orderCase.outcome() != null) {
            out.symbol(orderCase.outcome());
        }
        if (race != null) {
            out.symbol(race.type());
            out.symbol(race.cause());
            out.signed(race.gapMillis());
        }
        if (orderCase.exposureMinor() != null) {
            out.signed(orderCase.exposureMinor());
        }
        out.string(orderCase.currency());
        out.each(orderCase.refundIds(), StateWriter::string);
        out.each(orderCase.shipmentIds(), StateWriter::string);
        out.each(orderCase.trackingNumbers(), StateWriter::string);
        out.string(orderCase.warehouseId());
        out.string(orderCase.operatorId());
        out.string(orderCase.courier());
        out.each(orderCase.categories(), StateWriter::string);
        out.each(orderCase.evidence(), OrderRecordCodec::evidence);
        out.time(orderCase.openedAt());
        out.time(orderCase.updatedAt());
        if (orderCase.closedAt() != null) {
            out.time(orderCase.closedAt());
        }
        out.unsigned(orderCase.version());
    }

    private static OrderCase orderCase(StateReader in) {
        int told = in.octet();
        return new OrderCase(
                UUID.fromString(in.string()),
                in.symbol(OrderCase.State.values()),
                (told & 1) == 0 ? null : in.symbol(OrderCase.Outcome.values()),
                (told & 2) == 0
                        ? null
                        : new RaceTiming(
                                in.symbol(RaceTiming.Type.values()), in.symbol(RaceTiming.Cause.values()), in.signed()),
                (told & 4) == 0 ? null : (Long) in.signed(),
                in.optionalString(),
                in.list(StateReader::string),
                in.list(StateReader::string),
                in.list(StateReader::string),
                in.optionalString(),
                in.optionalString(),
                in.optionalString(),
                in.list(StateReader::string),
                in.list(OrderRecordCodec::evidence),
                in.time(),
                in.time(),
                (told & 8) == 0 ? null : in.time(),
                in.unsigned());
    }

    private static void evidence(StateWriter out, Effect.Evidence evidence) {
        out.symbol(evidence.kind());
        out.string(evidence.id());
        out.time(evidence.at());
        out.bool(evidence.source() != null);
        if (evidence.source() != null) {
            source(out, evidence.source());
        }
    }

    private static Effect.Evidence evidence(StateReader in) {
        return new Effect.Evidence(
                in.symbol(Effect.Evidence.Kind.values()), in.string(), in.time(), in.bool() ? source(in) : null);
    }
}
