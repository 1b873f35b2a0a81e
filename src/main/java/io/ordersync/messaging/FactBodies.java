package io.ordersync.messaging;

import io.ordersync.contract.InterceptReason;
import io.ordersync.contract.InterceptStatus;
import io.ordersync.contract.LockRefusal;
import io.ordersync.contract.LockStatus;
import io.ordersync.contract.RefundCause;
import io.ordersync.contract.RefundKind;
import io.ordersync.contract.RefundOutcome;
import io.ordersync.contract.ShipmentPurpose;
import io.ordersync.domain.Arrival;
import io.ordersync.domain.CaseResolved;
import io.ordersync.domain.Fact.Source;
import io.ordersync.domain.InterceptResult;
import io.ordersync.domain.OrderKey;
import io.ordersync.domain.ParcelStage;
import io.ordersync.domain.RefundApproved;
import io.ordersync.domain.RefundClosed;
import io.ordersync.domain.ShipmentCreated;
import io.ordersync.domain.ShipmentStatusChanged;
import io.ordersync.domain.ShipmentVoided;
import io.ordersync.domain.WarehouseLockResult;
import io.ordersync.wire.AvroBody;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Facts from bodies that were written with the contract's own schemas: their fields in the contract's order. Every method
 * takes what Avro takes, and throws some RuntimeException of all else.
 */
final class FactBodies {

    static final Symbols<RefundKind, RefundApproved.Kind> KINDS =
            Symbols.of(RefundKind.class, RefundApproved.Kind.class);
    static final Symbols<RefundCause, RefundApproved.Cause> CAUSES =
            Symbols.of(RefundCause.class, RefundApproved.Cause.class);
    static final Symbols<RefundOutcome, RefundClosed.Outcome> OUTCOMES =
            Symbols.of(RefundOutcome.class, RefundClosed.Outcome.class);
    static final Symbols<ShipmentPurpose, ShipmentCreated.Purpose> PURPOSES =
            Symbols.of(ShipmentPurpose.class, ShipmentCreated.Purpose.class);
    static final Symbols<io.ordersync.contract.ParcelStage, ParcelStage> STAGES =
            Symbols.of(io.ordersync.contract.ParcelStage.class, ParcelStage.class);
    static final Symbols<LockStatus, WarehouseLockResult.Status> LOCK_STATUSES =
            Symbols.of(LockStatus.class, WarehouseLockResult.Status.class);
    static final Symbols<LockRefusal, WarehouseLockResult.Refusal> LOCK_REFUSALS =
            Symbols.of(LockRefusal.class, WarehouseLockResult.Refusal.class);
    static final Symbols<InterceptStatus, InterceptResult.Status> INTERCEPT_STATUSES =
            Symbols.of(InterceptStatus.class, InterceptResult.Status.class);
    static final Symbols<InterceptReason, InterceptResult.Reason> INTERCEPT_REASONS =
            Symbols.of(InterceptReason.class, InterceptResult.Reason.class);
    static final Symbols<io.ordersync.contract.Resolution, CaseResolved.Resolution> RESOLUTIONS =
            Symbols.of(io.ordersync.contract.Resolution.class, CaseResolved.Resolution.class);

    private FactBodies() {}

    static Arrival refund(AvroBody body, Source source) {
        String eventId = body.readString();
        OrderKey order = order(body);
        String refundId = body.readString();
        long version = body.readLong();
        RefundApproved.Kind kind = body.readEnum(KINDS.inOrder());
        RefundApproved.Cause cause = body.readEnum(CAUSES.inOrder());
        boolean wholeOrder = body.readBoolean();
        body.readLong(); // amountMinor
        String currency = body.readString();
        List<RefundApproved.Line> lines = body.readArray(FactBodies::refundLine);
        Instant approvedAt = instant(body);
        body.skipOptionalString(); // reasonCode
        return new Arrival(
                order,
                new RefundApproved(
                        source, eventId, refundId, version, kind, cause, wholeOrder, currency, lines, approvedAt));
    }

    private static RefundApproved.Line refundLine(AvroBody body) {
        return new RefundApproved.Line(
                body.readString(),
                body.readString(),
                body.readInt(),
                optionalInt(body),
                optionalLong(body),
                body.readOptionalString(),
                body.readOptionalString(),
                body.readOptionalString());
    }

    static Arrival shipment(AvroBody body, Source source) {
        String eventId = body.readString();
        return new Arrival(
                order(body),
                new ShipmentCreated(
                        source,
                        eventId,
                        body.readString(),
                        body.readLong(),
                        body.readOptionalString(),
                        body.readOptionalString(),
                        body.readOptionalString(),
                        body.readOptionalString(),
                        body.readEnum(PURPOSES.inOrder()),
                        body.readEnum(STAGES.inOrder()),
                        body.readBoolean(),
                        body.readArray(AvroBody::readString),
                        body.readArray(FactBodies::shipmentLine),
                        instant(body)));
    }

    private static ShipmentCreated.Line shipmentLine(AvroBody body) {
        return new ShipmentCreated.Line(
                body.readString(),
                body.readString(),
                body.readInt(),
                optionalInt(body),
                optionalLong(body),
                body.readOptionalString());
    }

    static Arrival closed(AvroBody body, Source source) {
        String eventId = body.readString();
        return new Arrival(
                order(body),
                new RefundClosed(
                        source,
                        eventId,
                        body.readString(),
                        body.readLong(),
                        body.readEnum(OUTCOMES.inOrder()),
                        instant(body)));
    }

    static Arrival voided(AvroBody body, Source source) {
        String eventId = body.readString();
        return new Arrival(
                order(body), new ShipmentVoided(source, eventId, body.readString(), body.readLong(), instant(body)));
    }

    static Arrival status(AvroBody body, Source source) {
        String eventId = body.readString();
        return new Arrival(
                order(body),
                new ShipmentStatusChanged(
                        source, eventId, body.readString(), body.readEnum(STAGES.inOrder()), instant(body)));
    }

    static Arrival lockResult(AvroBody body, Source source) {
        String eventId = body.readString();
        return new Arrival(
                order(body),
                new WarehouseLockResult(
                        source,
                        eventId,
                        body.readString(),
                        body.readEnum(LOCK_STATUSES.inOrder()),
                        optionalEnum(body, LOCK_REFUSALS),
                        body.readOptionalString(),
                        instant(body)));
    }

    static Arrival interceptResult(AvroBody body, Source source) {
        String eventId = body.readString();
        OrderKey order = order(body);
        String commandId = body.readString();
        InterceptResult.Status status = body.readEnum(INTERCEPT_STATUSES.inOrder());
        InterceptResult.Reason reason = optionalEnum(body, INTERCEPT_REASONS);
        optionalLong(body); // feeMinor
        body.skipOptionalString(); // currency
        return new Arrival(order, new InterceptResult(source, eventId, commandId, status, reason, instant(body)));
    }

    static Arrival resolved(AvroBody body, Source source) {
        String eventId = body.readString();
        OrderKey order = order(body);
        String caseId = body.readString();
        CaseResolved.Resolution resolution = body.readEnum(RESOLUTIONS.inOrder());
        List<String> shipmentIds = body.readArray(AvroBody::readString);
        body.skipOptionalString(); // resolvedBy
        return new Arrival(order, new CaseResolved(source, eventId, caseId, resolution, shipmentIds, instant(body)));
    }

    private static OrderKey order(AvroBody body) {
        return new OrderKey(body.readString(), body.readString(), body.readString());
    }

    private static Instant instant(AvroBody body) {
        return Instant.ofEpochMilli(body.readLong());
    }

    private static @Nullable Integer optionalInt(AvroBody body) {
        return body.isPresent() ? body.readInt() : null;
    }

    private static @Nullable Long optionalLong(AvroBody body) {
        return body.isPresent() ? body.readLong() : null;
    }

    private static <T extends Enum<T>> @Nullable T optionalEnum(AvroBody body, Symbols<?, T> symbols) {
        return body.isPresent() ? body.readEnum(symbols.inOrder()) : null;
    }
}
