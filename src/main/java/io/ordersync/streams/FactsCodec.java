package io.ordersync.streams;

import static io.ordersync.streams.StateWriter.bit;
import static io.ordersync.streams.StateWriter.told;

import io.ordersync.domain.CaseResolved;
import io.ordersync.domain.Fact.Source;
import io.ordersync.domain.InterceptResult;
import io.ordersync.domain.ParcelStage;
import io.ordersync.domain.ParcelTold;
import io.ordersync.domain.RefundApproved;
import io.ordersync.domain.RefundClosed;
import io.ordersync.domain.RefundTold;
import io.ordersync.domain.Scan;
import io.ordersync.domain.ShipmentCreated;
import io.ordersync.domain.ShipmentStatusChanged;
import io.ordersync.domain.ShipmentVoided;
import io.ordersync.domain.WarehouseLockResult;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The bytes of what is known of an order, in the present layout. */
final class FactsCodec {

    // Of a refund.
    private static final int IS_APPROVED = 1;
    private static final int IS_CLOSED = 2;
    private static final int IS_UNPAID = 4;
    private static final int IS_WHOLE_ORDER = 8;
    private static final int WAS_APPROVED_BEFORE = 16;

    // Of a parcel.
    private static final int IS_MADE = 1;
    private static final int IS_VOIDED = 2;
    private static final int HAS_STATUS = 4;
    private static final int WAS_MADE_BEFORE = 8;
    /** What was told when it was made is a scan; beside the next there is no other, if one of both is set. */
    private static final int IS_SCANNED_AS_MADE = 16;
    /** What was told last is a scan. */
    private static final int IS_SCANNED_AS_TOLD = 32;

    private static final int IS_DIGITAL_IN_LAYOUT_2 = 32;
    private static final int IS_MERGED = 64;

    /** Of both: its version is 1, and does not follow. */
    private static final int IS_FIRST_VERSION = 128;

    // Of a parcel that is made, a byte: is it digital, its purpose, its stage.
    private static final int IS_DIGITAL = 128;
    private static final int PURPOSE_SHIFT = 4;
    private static final int PURPOSE_MASK = 7;
    private static final int STAGE_MASK = 15;

    // Of a line: the most are of one unit, which is all that was ordered.
    private static final int IS_ONE = 1;
    private static final int IS_ALL_THAT_WAS_ORDERED = 2;
    private static final int HAS_ORDERED = 4;
    private static final int HAS_PRICE = 8;
    private static final int HAS_CATEGORY = 16;
    private static final int HAS_WAREHOUSE = 32;
    private static final int HAS_SHIPMENT = 64;

    // Made once: values() makes an array for each call.
    private static final RefundApproved.Kind[] KINDS = RefundApproved.Kind.values();
    private static final RefundApproved.Cause[] CAUSES = RefundApproved.Cause.values();
    private static final RefundClosed.Outcome[] CLOSES = RefundClosed.Outcome.values();
    private static final ParcelStage[] STAGES = ParcelStage.values();
    private static final ShipmentCreated.Purpose[] PURPOSES = ShipmentCreated.Purpose.values();
    private static final WarehouseLockResult.Status[] LOCK_STATUSES = WarehouseLockResult.Status.values();
    private static final WarehouseLockResult.Refusal[] REFUSALS = WarehouseLockResult.Refusal.values();
    private static final InterceptResult.Status[] INTERCEPT_STATUSES = InterceptResult.Status.values();
    private static final InterceptResult.Reason[] REASONS = InterceptResult.Reason.values();
    private static final CaseResolved.Resolution[] RESOLUTIONS = CaseResolved.Resolution.values();

    private FactsCodec() {}

    // -------------------------------------------------------------------------------------------------- refunds

    static void refund(StateWriter out, RefundTold told) {
        RefundApproved approved = told.approved();
        boolean before = approved != null && !approved.approvedAt().equals(told.firstApprovedAt());
        out.octet(told(approved, IS_APPROVED)
                | told(told.closed(), IS_CLOSED)
                | told(told.unpaid(), IS_UNPAID)
                | bit(before, WAS_APPROVED_BEFORE)
                | bit(approved != null && approved.wholeOrder(), IS_WHOLE_ORDER)
                | bit(approved != null && approved.version() == 1, IS_FIRST_VERSION));
        if (approved != null) {
            approved(out, approved);
        }
        if (before) {
            out.time(Objects.requireNonNull(told.firstApprovedAt()));
        }
        if (told.closed() != null) {
            close(out, told.closed());
        }
        if (told.unpaid() != null) {
            close(out, told.unpaid());
        }
    }

    static void refund(StateReader in, Map<String, RefundTold> refunds) {
        int told = in.octet();
        RefundApproved approved = (told & IS_APPROVED) == 0 ? null : approved(in, told);
        Instant firstApprovedAt =
                (told & WAS_APPROVED_BEFORE) != 0 ? in.time() : approved == null ? null : approved.approvedAt();
        RefundClosed closed = (told & IS_CLOSED) == 0 ? null : close(in);
        RefundClosed unpaid = (told & IS_UNPAID) == 0 ? null : close(in);
        refunds.put(refundId(approved, closed, unpaid), new RefundTold(approved, firstApprovedAt, closed, unpaid));
    }

    private static String refundId(
            @Nullable RefundApproved approved, @Nullable RefundClosed closed, @Nullable RefundClosed unpaid) {
        if (approved != null) {
            return approved.refundId();
        }
        return Objects.requireNonNull(closed == null ? unpaid : closed).refundId();
    }

    private static void approved(StateWriter out, RefundApproved refund) {
        out.source(refund.source());
        out.string(refund.eventId());
        out.string(refund.refundId());
        if (refund.version() != 1) {
            out.signed(refund.version());
        }
        out.symbol(refund.kind());
        out.symbol(refund.cause());
        out.string(refund.currency());
        out.each(refund.lines(), FactsCodec::refundLine);
        out.time(refund.approvedAt());
    }

    private static RefundApproved approved(StateReader in, int told) {
        return new RefundApproved(
                in.source(),
                in.string(),
                in.string(),
                (told & IS_FIRST_VERSION) == 0 ? in.signed() : 1,
                in.symbol(KINDS),
                in.symbol(CAUSES),
                (told & IS_WHOLE_ORDER) != 0,
                in.string(),
                in.list(FactsCodec::refundLine),
                in.time());
    }

    private static void close(StateWriter out, RefundClosed closed) {
        out.source(closed.source());
        out.string(closed.eventId());
        out.string(closed.refundId());
        out.signed(closed.version());
        out.symbol(closed.outcome());
        out.time(closed.closedAt());
    }

    private static RefundClosed close(StateReader in) {
        return new RefundClosed(in.source(), in.string(), in.string(), in.signed(), in.symbol(CLOSES), in.time());
    }

    private static void refundLine(StateWriter out, RefundApproved.Line line) {
        out.octet(goodsTold(line.quantity(), line.orderedQuantity(), line.unitPriceMinor(), line.category())
                | told(line.warehouseId(), HAS_WAREHOUSE)
                | told(line.shipmentId(), HAS_SHIPMENT));
        out.string(line.lineId());
        out.string(line.skuId());
        quantities(out, line.quantity(), line.orderedQuantity());
        price(out, line.unitPriceMinor());
        out.stringIfTold(line.category());
        out.stringIfTold(line.warehouseId());
        out.stringIfTold(line.shipmentId());
    }

    private static RefundApproved.Line refundLine(StateReader in) {
        int told = in.octet();
        String lineId = in.string();
        String skuId = in.string();
        int quantity = quantity(in, told);
        return new RefundApproved.Line(
                lineId,
                skuId,
                quantity,
                ordered(in, told, quantity),
                price(in, told),
                in.stringIf((told & HAS_CATEGORY) != 0),
                in.stringIf((told & HAS_WAREHOUSE) != 0),
                in.stringIf((told & HAS_SHIPMENT) != 0));
    }

    // -------------------------------------------------------------------------------------------------- parcels

    static void parcels(StateWriter out, Map<String, ParcelTold> parcels) {
        out.unsigned(parcels.size());
        for (Map.Entry<String, ParcelTold> parcel : parcels.entrySet()) {
            parcel(out, parcel.getKey(), parcel.getValue());
        }
    }

    private static void parcel(StateWriter out, String shipmentId, ParcelTold told) {
        ShipmentCreated made = told.made();
        boolean former = made != null
                && !(made.version() == told.firstVersion() && made.createdAt().equals(told.firstMadeAt()));
        int scanned = scanned(told);
        out.octet(told(made, IS_MADE)
                | told(told.voided(), IS_VOIDED)
                | told(told.lastStatus(), HAS_STATUS)
                | bit(former, WAS_MADE_BEFORE)
                | scanned
                | bit(made != null && !made.mergedOrderIds().isEmpty(), IS_MERGED)
                | bit(made != null && made.version() == 1, IS_FIRST_VERSION));
        if (made == null) {
            out.string(shipmentId);
        } else {
            made(out, made);
        }
        if (former) {
            out.signed(told.firstVersion());
            out.time(Objects.requireNonNull(told.firstMadeAt()));
        }
        if (told.voided() != null) {
            ShipmentVoided voided = told.voided();
            out.source(voided.source());
            out.string(voided.eventId());
            out.signed(voided.version());
            out.time(voided.voidedAt());
        }
        if (told.lastStatus() != null) {
            ShipmentStatusChanged status = told.lastStatus();
            out.source(status.source());
            out.string(status.eventId());
            out.symbol(status.stage());
            out.time(status.occurredAt());
        }
        if (scanned == 0) {
            out.each(told.scans(), (to, scan) -> {
                to.symbol(scan.stage());
                to.signed(scan.at().toEpochMilli() - scansFrom(to.baseMillis(), made));
            });
        }
    }

    /** Most parcels have been scanned as was told when they were made and since, and no further: 0 else. */
    private static int scanned(ParcelTold told) {
        List<Scan> scans = told.scans();
        ShipmentCreated made = told.made();
        ShipmentStatusChanged status = told.lastStatus();
        boolean asMade = made != null && !scans.isEmpty() && isScan(scans.getFirst(), made.stage(), made.createdAt());
        int others = scans.size() - (asMade ? 1 : 0);
        boolean asTold = status != null && others == 1 && isScan(scans.getLast(), status.stage(), status.occurredAt());
        return others == (asTold ? 1 : 0) ? bit(asMade, IS_SCANNED_AS_MADE) | bit(asTold, IS_SCANNED_AS_TOLD) : 0;
    }

    private static boolean isScan(Scan scan, ParcelStage stage, Instant at) {
        return scan.stage() == stage && scan.at().equals(at);
    }

    /** Most scans follow soon. */
    private static long scansFrom(long baseMillis, @Nullable ShipmentCreated made) {
        return made == null ? baseMillis : made.createdAt().toEpochMilli();
    }

    static void parcel(StateReader in, Map<String, ParcelTold> parcels) {
        int told = in.octet();
        ShipmentCreated made = (told & IS_MADE) == 0 ? null : made(in, told);
        String shipmentId = made == null ? in.string() : made.shipmentId();
        boolean former = (told & WAS_MADE_BEFORE) != 0;
        long firstVersion = former ? in.signed() : made == null ? 0 : made.version();
        Instant firstMadeAt = former ? in.time() : made == null ? null : made.createdAt();
        ShipmentVoided voided = (told & IS_VOIDED) == 0
                ? null
                : new ShipmentVoided(in.source(), in.string(), shipmentId, in.signed(), in.time());
        ShipmentStatusChanged status = (told & HAS_STATUS) == 0
                ? null
                : new ShipmentStatusChanged(in.source(), in.string(), shipmentId, in.symbol(STAGES), in.time());
        List<Scan> scans = scans(in, told, made, status);
        parcels.put(shipmentId, new ParcelTold(made, firstVersion, firstMadeAt, voided, scans, status));
    }

    private static List<Scan> scans(
            StateReader in, int told, @Nullable ShipmentCreated made, @Nullable ShipmentStatusChanged status) {
        Scan asMade =
                made == null || (told & IS_SCANNED_AS_MADE) == 0 ? null : new Scan(made.stage(), made.createdAt());
        Scan asTold = status == null || in.version() == StateReader.LAYOUT_2 || (told & IS_SCANNED_AS_TOLD) == 0
                ? null
                : new Scan(status.stage(), status.occurredAt());
        if (asMade != null) {
            return asTold == null ? List.of(asMade) : List.of(asMade, asTold);
        }
        return asTold != null
                ? List.of(asTold)
                : in.list(from -> new Scan(
                        from.symbol(STAGES), Instant.ofEpochMilli(scansFrom(from.baseMillis(), made) + from.signed())));
    }

    private static void made(StateWriter out, ShipmentCreated made) {
        out.source(made.source());
        out.string(made.eventId());
        out.string(made.shipmentId());
        if (made.version() != 1) {
            out.signed(made.version());
        }
        out.string(made.trackingNumber());
        out.string(made.courier());
        out.string(made.warehouseId());
        out.string(made.operatorId());
        out.octet(bit(made.digital(), IS_DIGITAL)
                | StateWriter.place(made.purpose()) << PURPOSE_SHIFT
                | StateWriter.place(made.stage()));
        if (!made.mergedOrderIds().isEmpty()) {
            out.each(made.mergedOrderIds(), StateWriter::string);
        }
        out.unsigned(made.lines().size());
        for (ShipmentCreated.Line line : made.lines()) {
            shipmentLine(out, line);
        }
        out.time(made.createdAt());
    }

    private static ShipmentCreated made(StateReader in, int told) {
        Source source = in.source();
        String eventId = in.string();
        String shipmentId = in.string();
        long version = (told & IS_FIRST_VERSION) == 0 ? in.signed() : 1;
        String trackingNumber = in.optionalString();
        String courier = in.optionalString();
        String warehouseId = in.optionalString();
        String operatorId = in.optionalString();
        ShipmentCreated.Purpose purpose;
        ParcelStage stage;
        boolean digital;
        if (in.version() == StateReader.LAYOUT_2) {
            purpose = in.symbol(PURPOSES);
            stage = in.symbol(STAGES);
            digital = (told & IS_DIGITAL_IN_LAYOUT_2) != 0;
        } else {
            int what = in.octet();
            purpose = PURPOSES[what >>> PURPOSE_SHIFT & PURPOSE_MASK];
            stage = STAGES[what & STAGE_MASK];
            digital = (what & IS_DIGITAL) != 0;
        }
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
                stage,
                digital,
                (told & IS_MERGED) == 0 ? List.of() : in.list(StateReader::string),
                in.list(FactsCodec::shipmentLine),
                in.time());
    }

    private static void shipmentLine(StateWriter out, ShipmentCreated.Line line) {
        out.octet(goodsTold(line.quantity(), line.orderedQuantity(), line.unitPriceMinor(), line.category()));
        out.string(line.lineId());
        out.string(line.skuId());
        quantities(out, line.quantity(), line.orderedQuantity());
        price(out, line.unitPriceMinor());
        out.stringIfTold(line.category());
    }

    private static ShipmentCreated.Line shipmentLine(StateReader in) {
        int told = in.octet();
        String lineId = in.string();
        String skuId = in.string();
        int quantity = quantity(in, told);
        return new ShipmentCreated.Line(
                lineId,
                skuId,
                quantity,
                ordered(in, told, quantity),
                price(in, told),
                in.stringIf((told & HAS_CATEGORY) != 0));
    }

    // ---------------------------------------------------------------------------------------------------- lines

    private static int goodsTold(
            int quantity, @Nullable Integer ordered, @Nullable Long unitPriceMinor, @Nullable String category) {
        boolean all = ordered != null && ordered == quantity;
        return bit(quantity == 1, IS_ONE)
                | bit(all, IS_ALL_THAT_WAS_ORDERED)
                | bit(ordered != null && !all, HAS_ORDERED)
                | told(unitPriceMinor, HAS_PRICE)
                | told(category, HAS_CATEGORY);
    }

    private static void quantities(StateWriter out, int quantity, @Nullable Integer ordered) {
        if (quantity != 1) {
            out.unsigned(quantity);
        }
        if (ordered != null && ordered != quantity) {
            out.unsigned(ordered);
        }
    }

    private static int quantity(StateReader in, int told) {
        return (told & IS_ONE) == 0 ? in.count() : 1;
    }

    private static @Nullable Integer ordered(StateReader in, int told, int quantity) {
        if ((told & IS_ALL_THAT_WAS_ORDERED) != 0) {
            return quantity;
        }
        return (told & HAS_ORDERED) == 0 ? null : (Integer) in.count();
    }

    private static void price(StateWriter out, @Nullable Long unitPriceMinor) {
        if (unitPriceMinor != null) {
            out.signed(unitPriceMinor);
        }
    }

    private static @Nullable Long price(StateReader in, int told) {
        return (told & HAS_PRICE) == 0 ? null : (Long) in.signed();
    }

    // -------------------------------------------------------------------------------------------------- answers

    static void lockResult(StateWriter out, WarehouseLockResult result) {
        out.source(result.source());
        out.string(result.eventId());
        out.string(result.commandId());
        out.symbol(result.status());
        out.optionalSymbol(result.refusal());
        out.string(result.operatorId());
        out.time(result.occurredAt());
    }

    static void lockResult(StateReader in, Map<String, WarehouseLockResult> results) {
        WarehouseLockResult result = new WarehouseLockResult(
                in.source(),
                in.string(),
                in.string(),
                in.symbol(LOCK_STATUSES),
                in.optionalSymbol(REFUSALS),
                in.optionalString(),
                in.time());
        results.put(result.commandId(), result);
    }

    static void interceptResult(StateWriter out, InterceptResult result) {
        out.source(result.source());
        out.string(result.eventId());
        out.string(result.commandId());
        out.symbol(result.status());
        out.optionalSymbol(result.reason());
        out.time(result.occurredAt());
    }

    static void interceptResult(StateReader in, Map<String, InterceptResult> results) {
        InterceptResult result = new InterceptResult(
                in.source(),
                in.string(),
                in.string(),
                in.symbol(INTERCEPT_STATUSES),
                in.optionalSymbol(REASONS),
                in.time());
        results.put(result.commandId(), result);
    }

    static void resolution(StateWriter out, CaseResolved resolved) {
        out.source(resolved.source());
        out.string(resolved.eventId());
        out.string(resolved.caseId());
        out.symbol(resolved.resolution());
        out.each(resolved.shipmentIds(), StateWriter::string);
        out.time(resolved.resolvedAt());
    }

    static void resolution(StateReader in, Collection<CaseResolved> resolutions) {
        resolutions.add(new CaseResolved(
                in.source(),
                in.string(),
                in.string(),
                in.symbol(RESOLUTIONS),
                in.list(StateReader::string),
                in.time()));
    }
}
