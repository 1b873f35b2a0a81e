package io.ordersync.dev;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/** What is going to be said, in the order it is due. It is bounded: what doesn't fit is never said. */
final class Agenda {
    private final int capacity;
    private final PriorityQueue<Entry> entries =
            new PriorityQueue<>(Comparator.comparing(Entry::at).thenComparingLong(Entry::number));
    private long number;

    Agenda(int capacity) {
        this.capacity = capacity;
    }

    /** The number keeps what is due at one instant in the order it was planned. */
    private record Entry(Planned planned, long number) {
        Instant at() {
            return planned.at();
        }
    }

    void add(List<Planned> more) {
        for (var planned : more) {
            if (entries.size() < capacity) {
                entries.add(new Entry(planned, number++));
            }
        }
    }

    /** What is due by then, once; without what was on a course that was left meanwhile. */
    List<Planned> dueBy(Instant now) {
        var due = new ArrayList<Planned>();
        for (var next = entries.peek(); next != null && !next.at().isAfter(now); next = entries.peek()) {
            entries.remove();
            if (!next.planned().course().isLeft()) {
                due.add(next.planned());
            }
        }
        return due;
    }
}
