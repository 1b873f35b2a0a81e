package io.ordersync.streams;

import static io.ordersync.streams.StateWriter.told;

import io.ordersync.domain.Effect;
import io.ordersync.domain.OrderCase;
import io.ordersync.domain.RaceTiming;
import java.util.UUID;

/** The bytes of an order's case, in the present layout. */
final class CaseCodec {

    private static final int HAS_OUTCOME = 1;
    private static final int HAS_RACE = 2;
    private static final int HAS_EXPOSURE = 4;
    private static final int IS_CLOSED = 8;

    // Made once: values() makes an array for each call.
    private static final OrderCase.State[] STATES = OrderCase.State.values();
    private static final OrderCase.Outcome[] OUTCOMES = OrderCase.Outcome.values();
    private static final RaceTiming.Type[] TYPES = RaceTiming.Type.values();
    private static final RaceTiming.Cause[] CAUSES = RaceTiming.Cause.values();
    private static final Effect.Evidence.Kind[] EVIDENCE_KINDS = Effect.Evidence.Kind.values();

    private CaseCodec() {}

    static void write(StateWriter out, OrderCase orderCase) {
        RaceTiming race = orderCase.race();
        out.octet(told(orderCase.outcome(), HAS_OUTCOME)
                | told(race, HAS_RACE)
                | told(orderCase.exposureMinor(), HAS_EXPOSURE)
                | told(orderCase.closedAt(), IS_CLOSED));
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
        out.each(orderCase.evidence(), CaseCodec::evidence);
        out.time(orderCase.openedAt());
        out.time(orderCase.updatedAt());
        if (orderCase.closedAt() != null) {
            out.time(orderCase.closedAt());
        }
        out.unsigned(orderCase.version());
    }

    static OrderCase read(StateReader in) {
        int told = in.octet();
        return new OrderCase(
                UUID.fromString(in.string()),
                in.symbol(STATES),
                (told & HAS_OUTCOME) == 0 ? null : in.symbol(OUTCOMES),
                (told & HAS_RACE) == 0 ? null : new RaceTiming(in.symbol(TYPES), in.symbol(CAUSES), in.signed()),
                (told & HAS_EXPOSURE) == 0 ? null : (Long) in.signed(),
                in.optionalString(),
                in.list(StateReader::string),
                in.list(StateReader::string),
                in.list(StateReader::string),
                in.optionalString(),
                in.optionalString(),
                in.optionalString(),
                in.list(StateReader::string),
                in.list(CaseCodec::evidence),
                in.time(),
                in.time(),
                (told & IS_CLOSED) == 0 ? null : in.time(),
                in.unsigned());
    }

    private static void evidence(StateWriter out, Effect.Evidence evidence) {
        out.symbol(evidence.kind());
        out.string(evidence.id());
        out.time(evidence.at());
        out.bool(evidence.source() != null);
        if (evidence.source() != null) {
            out.source(evidence.source());
        }
    }

    private static Effect.Evidence evidence(StateReader in) {
        return new Effect.Evidence(in.symbol(EVIDENCE_KINDS), in.string(), in.time(), in.bool() ? in.source() : null);
    }
}
