package io.ordersync.streams;

import static io.ordersync.streams.StateWriter.bit;
import static io.ordersync.streams.StateWriter.told;

import io.ordersync.domain.Alert;
import io.ordersync.domain.AlertKey;
import io.ordersync.domain.Effect;
import io.ordersync.domain.LockKey;
import io.ordersync.domain.Sent;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The bytes of what was sent for an order, in the present layout. */
final class SentCodec {

    // Of a command.
    private static final int IS_TAKEN_BACK = 1;
    private static final int IS_SHADOW = 2;
    private static final int IS_GRACE_OVER = 4;
    private static final int HAS_FORMER_GENERATION = 8;

    // Of the moment it was sent.
    private static final int HAS_ANSWER_BY = 1;
    private static final int IS_OVERDUE = 2;

    // Of what was done about a parcel.
    private static final int IS_FOUND = 1;
    private static final int HAS_PULL = 2;
    private static final int HAS_INTERCEPTS = 4;

    // Made once: values() makes an array for each call.
    private static final Effect.Certainty[] CERTAINTIES = Effect.Certainty.values();
    private static final Alert.Code[] CODES = Alert.Code.values();
    private static final Alert.Severity[] SEVERITIES = Alert.Severity.values();
    private static final Alert.Action[] ACTIONS = Alert.Action.values();

    private SentCodec() {}

    static void write(StateWriter out, Sent sent) {
        out.each(sent.locks().entrySet(), SentCodec::lock);
        out.each(sent.recalls().entrySet(), SentCodec::recall);
        out.each(sent.alerts().entrySet(), SentCodec::alert);
        out.each(sent.skewed(), StateWriter::string);
    }

    static Sent read(StateReader in) {
        SortedMap<LockKey, Sent.Lock> locks = new TreeMap<>();
        in.each(locks, SentCodec::lock);
        SortedMap<String, Sent.Recall> recalls = new TreeMap<>();
        in.each(recalls, SentCodec::recall);
        SortedMap<AlertKey, Sent.Firing> alerts = new TreeMap<>();
        in.each(alerts, SentCodec::alert);
        SortedSet<String> skewed = new TreeSet<>(in.list(StateReader::string));
        return new Sent(locks, recalls, alerts, skewed);
    }

    private static void issue(StateWriter out, Sent.Issue issue) {
        out.time(issue.at());
        out.octet(told(issue.answerBy(), HAS_ANSWER_BY) | bit(issue.overdue(), IS_OVERDUE));
        if (issue.answerBy() != null) {
            out.signed(issue.answerBy().toEpochMilli() - issue.at().toEpochMilli());
        }
    }

    private static Sent.Issue issue(StateReader in) {
        Instant at = in.time();
        int told = in.octet();
        Instant answerBy = (told & HAS_ANSWER_BY) == 0 ? null : Instant.ofEpochMilli(at.toEpochMilli() + in.signed());
        return new Sent.Issue(at, answerBy, (told & IS_OVERDUE) != 0);
    }

    private static Sent.@Nullable Issue takenBack(StateReader in, int told) {
        return (told & IS_TAKEN_BACK) == 0 ? null : issue(in);
    }

    private static void lock(StateWriter out, Map.Entry<LockKey, Sent.Lock> entry) {
        Sent.Lock lock = entry.getValue();
        boolean former = !lock.first()
                .equals(new Sent.Lock.First(lock.generation(), lock.issued().at()));
        out.string(entry.getKey().refundId());
        out.string(entry.getKey().warehouseId());
        out.octet(told(lock.released(), IS_TAKEN_BACK)
                | bit(lock.shadow(), IS_SHADOW)
                | bit(former, HAS_FORMER_GENERATION));
        out.signed(lock.generation());
        issue(out, lock.issued());
        if (former) {
            out.signed(lock.first().generation());
            out.time(lock.first().issuedAt());
        }
        if (lock.released() != null) {
            issue(out, lock.released());
        }
    }

    private static void lock(StateReader in, Map<LockKey, Sent.Lock> locks) {
        LockKey key = new LockKey(in.string(), in.optionalString());
        int told = in.octet();
        long generation = in.signed();
        Sent.Issue issued = issue(in);
        Sent.Lock.First first = (told & HAS_FORMER_GENERATION) == 0
                ? new Sent.Lock.First(generation, issued.at())
                : new Sent.Lock.First(in.signed(), in.time());
        locks.put(key, new Sent.Lock(first, generation, issued, takenBack(in, told), (told & IS_SHADOW) != 0));
    }

    private static void recall(StateWriter out, Map.Entry<String, Sent.Recall> entry) {
        Sent.Recall recall = entry.getValue();
        boolean intercepts = !recall.intercepts().isEmpty();
        out.string(entry.getKey());
        out.octet(told(recall.foundAt(), IS_FOUND) | told(recall.pull(), HAS_PULL) | bit(intercepts, HAS_INTERCEPTS));
        if (recall.foundAt() != null) {
            out.time(recall.foundAt());
        }
        if (recall.pull() != null) {
            pull(out, recall.pull());
        }
        if (intercepts) {
            out.each(recall.intercepts(), SentCodec::intercept);
        }
    }

    private static void recall(StateReader in, Map<String, Sent.Recall> recalls) {
        String shipmentId = in.string();
        int told = in.octet();
        recalls.put(
                shipmentId,
                new Sent.Recall(
                        (told & IS_FOUND) == 0 ? null : in.time(),
                        (told & HAS_PULL) == 0 ? null : pull(in),
                        (told & HAS_INTERCEPTS) == 0 ? List.of() : in.list(SentCodec::intercept)));
    }

    private static void pull(StateWriter out, Sent.Pull pull) {
        out.unsigned(pull.generation());
        out.string(pull.refundId());
        out.string(pull.warehouseId());
        units(out, pull.units());
        out.octet(told(pull.released(), IS_TAKEN_BACK)
                | bit(pull.shadow(), IS_SHADOW)
                | bit(pull.graceOver(), IS_GRACE_OVER));
        issue(out, pull.issued());
        if (pull.released() != null) {
            issue(out, pull.released());
        }
    }

    private static Sent.Pull pull(StateReader in) {
        int generation = in.count();
        String refundId = in.string();
        String warehouseId = in.optionalString();
        SortedMap<String, Long> units = units(in);
        int told = in.octet();
        return new Sent.Pull(
                generation,
                refundId,
                warehouseId,
                units,
                issue(in),
                (told & IS_GRACE_OVER) != 0,
                takenBack(in, told),
                (told & IS_SHADOW) != 0);
    }

    private static void intercept(StateWriter out, Sent.Intercept intercept) {
        out.unsigned(intercept.generation());
        out.each(intercept.refundIds(), StateWriter::string);
        units(out, intercept.units());
        out.string(intercept.trackingNumber());
        out.string(intercept.courier());
        out.symbol(intercept.certainty());
        out.octet(told(intercept.cancelled(), IS_TAKEN_BACK) | bit(intercept.shadow(), IS_SHADOW));
        issue(out, intercept.issued());
        if (intercept.cancelled() != null) {
            issue(out, intercept.cancelled());
        }
    }

    private static Sent.Intercept intercept(StateReader in) {
        int generation = in.count();
        List<String> refundIds = in.list(StateReader::string);
        SortedMap<String, Long> units = units(in);
        String trackingNumber = in.string();
        String courier = in.string();
        Effect.Certainty certainty = in.symbol(CERTAINTIES);
        int told = in.octet();
        return new Sent.Intercept(
                generation,
                refundIds,
                units,
                trackingNumber,
                courier,
                certainty,
                issue(in),
                takenBack(in, told),
                (told & IS_SHADOW) != 0);
    }

    private static void units(StateWriter out, SortedMap<String, Long> units) {
        out.each(units.entrySet(), (to, line) -> {
            to.string(line.getKey());
            to.unsigned(line.getValue());
        });
    }

    private static SortedMap<String, Long> units(StateReader in) {
        SortedMap<String, Long> units = new TreeMap<>();
        in.each(units, (from, lines) -> lines.put(from.string(), from.unsigned()));
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

    private static void alert(StateReader in, Map<AlertKey, Sent.Firing> alerts) {
        alerts.put(
                new AlertKey(in.symbol(CODES), in.string()),
                new Sent.Firing(
                        in.fixed64(),
                        in.symbol(SEVERITIES),
                        in.symbol(ACTIONS),
                        in.time(),
                        in.optionalString(),
                        in.optionalString()));
    }
}
