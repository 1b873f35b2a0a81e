package io.ordersync.domain;

import io.ordersync.domain.Sent.Intercept;
import io.ordersync.domain.Sent.Issue;
import io.ordersync.domain.Sent.Pull;
import io.ordersync.domain.Sent.Recall;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What is waited for, and until when, by the wall clock. That a deadline passed is kept with its command: time by itself
 * changes nothing, so that an answer in the backlog comes before the deadline it met.
 */
final class Deadlines {

    /** How long a warehouse that does not know the order is waited for where {@code answerBy} is off (CONTRACT.md, Answers). */
    static final Duration UNKNOWN_ORDER = Duration.ofMinutes(30);

    private final Answers answers;
    private final Policy policy;

    Deadlines(Answers answers, Policy policy) {
        this.answers = answers;
        this.policy = policy;
    }

    /** What was sent, with all that was not answered by {@code now} marked so. */
    Sent passed(Sent sent, Instant now) {
        SortedMap<LockKey, Sent.Lock> locks = new TreeMap<>(sent.locks());
        locks.replaceAll((key, lock) -> {
            if (!hasPassed(of(key, lock), now)) {
                return lock;
            }
            Issue release = lock.released();
            return release == null
                    ? new Sent.Lock(
                            lock.first(), lock.generation(), lock.issued().late(), null, lock.shadow())
                    : lock.takenBack(release.late());
        });
        SortedMap<String, Recall> recalls = new TreeMap<>(sent.recalls());
        recalls.replaceAll((shipmentId, recall) -> new Recall(
                recall.foundAt(),
                passed(shipmentId, recall.pull(), now),
                passed(shipmentId, recall.intercepts(), now)));
        return new Sent(locks, recalls, sent.alerts(), sent.skewed());
    }

    private @Nullable Pull passed(String shipmentId, @Nullable Pull pull, Instant now) {
        if (pull == null) {
            return null;
        }
        boolean late = hasPassed(of(shipmentId, pull), now);
        Issue release = pull.released();
        return new Pull(
                pull.generation(),
                pull.refundId(),
                pull.warehouseId(),
                pull.units(),
                late && release == null ? pull.issued().late() : pull.issued(),
                pull.graceOver() || hasPassed(graceEnd(pull), now),
                late && release != null ? release.late() : release,
                pull.shadow());
    }

    private List<Intercept> passed(String shipmentId, List<Intercept> intercepts, Instant now) {
        List<Intercept> marked = new ArrayList<>();
        for (Intercept intercept : intercepts) {
            boolean late = hasPassed(of(shipmentId, intercept, intercept.equals(intercepts.getLast())), now);
            Issue cancel = intercept.cancelled();
            marked.add(
                    !late
                            ? intercept
                            : cancel == null
                                    ? intercept.with(intercept.issued().late(), null)
                                    : intercept.takenBack(cancel.late()));
        }
        return marked;
    }

    private static boolean hasPassed(@Nullable Instant due, Instant now) {
        return due != null && !due.isAfter(now);
    }

    /** When to look again; null: nothing is waited for. */
    @Nullable
    Instant next(Sent sent, SortedMap<String, Race> races) {
        Instant next = null;
        for (Map.Entry<LockKey, Sent.Lock> lock : sent.locks().entrySet()) {
            next = earlier(next, of(lock.getKey(), lock.getValue()));
        }
        for (Map.Entry<String, Recall> recall : sent.recalls().entrySet()) {
            next = earlier(next, of(recall.getKey(), recall.getValue(), races.get(recall.getKey())));
        }
        return next;
    }

    private static @Nullable Instant earlier(@Nullable Instant one, @Nullable Instant other) {
        return one == null || (other != null && other.isBefore(one)) ? other : one;
    }

    private @Nullable Instant of(String shipmentId, Recall recall, @Nullable Race race) {
        Pull pull = recall.pull();
        Intercept latest = recall.intercept();
        boolean waitsForPickup = race != null
                && pull != null
                && (latest == null || latest.cancelled() != null)
                && Row.recallOf(race, policy) == Row.Recall.LATER;
        Instant next = pull == null ? null : of(shipmentId, pull);
        if (pull != null && waitsForPickup) {
            next = earlier(next, graceEnd(pull));
        }
        for (Intercept intercept : recall.intercepts()) {
            next = earlier(next, of(shipmentId, intercept, intercept.equals(latest)));
        }
        return next;
    }

    private static @Nullable Instant pending(Issue issue) {
        return issue.overdue() ? null : issue.answerBy();
    }

    private @Nullable Instant of(LockKey key, Sent.Lock lock) {
        if (!policy.awaitsLockAnswers()) {
            return null;
        }
        if (lock.released() != null) {
            return answers.toRelease(key, lock) == null ? pending(lock.released()) : null;
        }
        WarehouseLockResult result = answers.toLock(key, lock.generation());
        if (lock.issued().overdue() || (result != null && result.isFinal())) {
            return null;
        }
        return result == null ? lock.issued().answerBy() : answerBy(lock.issued());
    }

    /** Until when a warehouse that does not know the order yet is waited for. */
    static Instant answerBy(Issue issue) {
        return issue.answerBy() == null ? issue.at().plus(UNKNOWN_ORDER) : issue.answerBy();
    }

    private @Nullable Instant of(String shipmentId, Pull pull) {
        if (!policy.awaitsLockAnswers()) {
            return null;
        }
        Issue release = pull.released();
        return release == null
                ? answers.toPull(shipmentId, pull) == null ? pending(pull.issued()) : null
                : answers.toRelease(shipmentId, pull) == null ? pending(release) : null;
    }

    private @Nullable Instant graceEnd(Pull pull) {
        return pull.graceOver() || pull.released() != null
                ? null
                : pull.issued().at().plus(policy.pickupGrace());
    }

    /** Of one that was sent anew only its CANCEL is waited for. */
    private @Nullable Instant of(String shipmentId, Intercept intercept, boolean latest) {
        if (!policy.awaitsInterceptAnswers()) {
            return null;
        }
        Issue cancel = intercept.cancelled();
        if (cancel != null) {
            return answers.cancelledAt(shipmentId, intercept) == null ? pending(cancel) : null;
        }
        return latest && answers.toIntercept(shipmentId, intercept) == null ? pending(intercept.issued()) : null;
    }
}
