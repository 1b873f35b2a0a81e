package io.ordersync.streams;

import static io.ordersync.streams.StateWriter.bit;
import static io.ordersync.streams.StateWriter.told;

import io.ordersync.domain.CaseResolved;
import io.ordersync.domain.InterceptResult;
import io.ordersync.domain.OrderCase;
import io.ordersync.domain.OrderFacts;
import io.ordersync.domain.OrderRecord;
import io.ordersync.domain.ParcelTold;
import io.ordersync.domain.RefundTold;
import io.ordersync.domain.Sent;
import io.ordersync.domain.WarehouseLockResult;
import java.time.Instant;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The bytes of an order in the store and its changelog. The layout is our own, so that a restore needs no registry; its
 * first byte is its version, and every older version can be read. From the third on, the order's key is needed to read it:
 * another form of the key is another layout.
 */
final class OrderRecordCodec {

    private static final int VERSION = 3;

    /** Which parts follow: most orders have a parcel and nothing else. */
    private static final int HAS_REFUNDS = 1;

    private static final int HAS_PARCELS = 2;
    private static final int HAS_SENT = 4;
    private static final int HAS_ANSWERS = 8;
    private static final int HAS_RESOLUTIONS = 16;
    private static final int HAS_CASE = 32;
    private static final int HAS_DUE = 64;
    private static final int IS_ERASING = 128;

    private OrderRecordCodec() {}

    /** @param key of the record in the store: where ids are made of the order's, only what differs is written */
    static byte[] encode(byte[] key, OrderRecord record) {
        OrderFacts facts = record.facts();
        OrderCase orderCase = record.orderCase();
        Instant due = record.due();
        boolean sent = !record.sent().isNothing();
        boolean answers =
                !facts.lockResults().isEmpty() || !facts.interceptResults().isEmpty();
        StateWriter out = StateWriter.begin(VERSION, record.lastArrivalHour(), key);
        out.octet(bit(!facts.refunds().isEmpty(), HAS_REFUNDS)
                | bit(!facts.parcels().isEmpty(), HAS_PARCELS)
                | bit(sent, HAS_SENT)
                | bit(answers, HAS_ANSWERS)
                | bit(!facts.resolutions().isEmpty(), HAS_RESOLUTIONS)
                | told(orderCase, HAS_CASE)
                | told(due, HAS_DUE)
                | bit(record.erasing(), IS_ERASING));
        if (!facts.refunds().isEmpty()) {
            out.each(facts.refunds().values(), FactsCodec::refund);
        }
        if (!facts.parcels().isEmpty()) {
            FactsCodec.parcels(out, facts.parcels());
        }
        if (answers) {
            out.each(facts.lockResults().values(), FactsCodec::lockResult);
            out.each(facts.interceptResults().values(), FactsCodec::interceptResult);
        }
        if (!facts.resolutions().isEmpty()) {
            out.each(facts.resolutions(), FactsCodec::resolution);
        }
        if (sent) {
            SentCodec.write(out, record.sent());
        }
        if (orderCase != null) {
            CaseCodec.write(out, orderCase);
        }
        if (due != null) {
            out.time(due);
        }
        return out.toBytes();
    }

    /**
     * @param key that the value was written with
     * @throws IllegalStateException when the value was written by a newer version of the service, or is damaged
     */
    static OrderRecord decode(byte[] key, byte[] value) {
        StateReader in = reader(value);
        in.order(key);
        try {
            OrderRecord record = decode(in);
            if (!in.isAtEnd()) {
                // Else a damaged flag or count would take away what follows, and nobody would miss it.
                throw new IllegalStateException("more follows than is told");
            }
            return record;
        } catch (RuntimeException e) {
            throw damaged(e);
        }
    }

    private static OrderRecord decode(StateReader in) {
        if (in.version() == OrderRecordLayout1.VERSION) {
            return OrderRecordLayout1.decode(in);
        }
        int has = in.octet();
        SortedMap<String, RefundTold> refunds = OrderFacts.NONE.refunds();
        if ((has & HAS_REFUNDS) != 0) {
            refunds = new TreeMap<>();
            in.each(refunds, FactsCodec::refund);
        }
        SortedMap<String, ParcelTold> parcels = OrderFacts.NONE.parcels();
        if ((has & HAS_PARCELS) != 0) {
            parcels = new TreeMap<>();
            in.each(parcels, FactsCodec::parcel);
        }
        SortedMap<String, WarehouseLockResult> lockResults = OrderFacts.NONE.lockResults();
        SortedMap<String, InterceptResult> interceptResults = OrderFacts.NONE.interceptResults();
        if ((has & HAS_ANSWERS) != 0) {
            lockResults = new TreeMap<>();
            in.each(lockResults, FactsCodec::lockResult);
            interceptResults = new TreeMap<>();
            in.each(interceptResults, FactsCodec::interceptResult);
        }
        SortedSet<CaseResolved> resolutions = OrderFacts.NONE.resolutions();
        if ((has & HAS_RESOLUTIONS) != 0) {
            resolutions = new TreeSet<>(CaseResolved.BY_TIME);
            in.each(resolutions, FactsCodec::resolution);
        }
        return new OrderRecord(
                new OrderFacts(refunds, parcels, lockResults, interceptResults, resolutions),
                (has & HAS_SENT) == 0 ? Sent.NOTHING : SentCodec.read(in),
                (has & HAS_CASE) == 0 ? null : CaseCodec.read(in),
                (has & HAS_DUE) == 0 ? null : in.time(),
                (has & IS_ERASING) != 0,
                in.baseHour());
    }

    /** {@link OrderRecord#lastArrivalHour()} alone, without reading the rest. */
    static long lastArrivalHour(byte[] value) {
        return reader(value).baseHour();
    }

    /** False when it has neither a case nor an alert that is FIRING; without reading the rest. */
    static boolean mayBeOpen(byte[] value) {
        StateReader in = reader(value);
        try {
            return in.version() == OrderRecordLayout1.VERSION || (in.octet() & (HAS_SENT | HAS_CASE)) != 0;
        } catch (IndexOutOfBoundsException e) {
            throw damaged(e);
        }
    }

    private static StateReader reader(byte[] value) {
        StateReader in;
        try {
            in = new StateReader(value);
        } catch (RuntimeException e) {
            throw damaged(e);
        }
        if (in.version() < OrderRecordLayout1.VERSION || in.version() > VERSION) {
            throw new IllegalStateException(
                    "state has layout " + in.version() + ", this service reads up to " + VERSION);
        }
        return in;
    }

    private static IllegalStateException damaged(RuntimeException e) {
        return new IllegalStateException("the state of an order is damaged", e);
    }
}
