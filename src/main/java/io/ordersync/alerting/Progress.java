package io.ordersync.alerting;

import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * How far a channel is on each partition. Alerts are told in another order than they are read: a group waits while what is
 * CRITICAL goes. What is committed is the first offset that is not done, and beside it, as metadata, what is done behind it:
 * after a restart that is not told again. For one thread.
 */
final class Progress {

    private static final String VERSION = "1:";
    /** A broker takes 4096 by default (offset.metadata.max.bytes); what does not fit is told twice after a restart. */
    private static final int LONGEST = 3_000;

    private final Map<TopicPartition, Partition> partitions = new HashMap<>();
    private boolean bare;

    private static final class Partition {
        /** Behind the last that was seen. */
        long next;
        /** From the first that is not done: is it done? */
        final NavigableMap<Long, Boolean> seen = new TreeMap<>();
        /** What was done behind what was committed, by the first offset of each range; the last one belongs to it. */
        final NavigableMap<Long, Long> doneBefore;

        OffsetAndMetadata committed;
        boolean touched;
        boolean isFresh;

        Partition(OffsetAndMetadata committed) {
            this.committed = committed;
            next = committed.offset();
            doneBefore = ranges(committed);
        }
    }

    /**
     * A partition came.
     *
     * @param committed where it is read from, as it is committed
     * @param fresh it is not committed yet: or a channel that is told nothing would look back anew with each start
     */
    void assigned(TopicPartition partition, OffsetAndMetadata committed, boolean fresh) {
        Partition here = new Partition(committed);
        here.touched = fresh;
        here.isFresh = fresh;
        partitions.put(partition, here);
    }

    /** False for a partition that was not {@link #assigned} yet. */
    boolean knows(TopicPartition partition) {
        return partitions.containsKey(partition);
    }

    void revoked(Collection<TopicPartition> gone) {
        gone.forEach(partitions::remove);
    }

    /** False when {@code offset} was done before the partition was assigned, and is not to be told again. */
    boolean isNew(TopicPartition partition, long offset) {
        Partition here = here(partition);
        Map.Entry<Long, Long> range = here.doneBefore.floorEntry(offset);
        return range == null || range.getValue() < offset;
    }

    void seen(TopicPartition partition, long offset) {
        Partition here = here(partition);
        here.seen.put(offset, false);
        here.next = offset + 1;
        here.touched = true;
    }

    void done(TopicPartition partition, long offset) {
        Partition here = partitions.get(partition);
        if (here == null) {
            return;
        }
        here.seen.replace(offset, true);
        while (!here.seen.isEmpty() && here.seen.firstEntry().getValue()) {
            here.seen.pollFirstEntry();
        }
    }

    private Partition here(TopicPartition partition) {
        return Objects.requireNonNull(partitions.get(partition), () -> partition + " is not assigned");
    }

    /** What is to be committed: of each partition where it is something else than last time. */
    Map<TopicPartition, OffsetAndMetadata> toCommit() {
        Map<TopicPartition, OffsetAndMetadata> changed = new HashMap<>();
        partitions.forEach((partition, here) -> {
            OffsetAndMetadata position = position(here);
            if (here.touched && (here.isFresh || !position.equals(here.committed))) {
                changed.put(partition, position);
            }
        });
        return changed;
    }

    void committed(Map<TopicPartition, OffsetAndMetadata> positions) {
        positions.forEach((partition, position) -> {
            Partition here = here(partition);
            here.committed = position;
            here.isFresh = false;
        });
    }

    /** The broker takes no such metadata. */
    void leaveOutWhatIsBehind() {
        bare = true;
    }

    private OffsetAndMetadata position(Partition here) {
        long first = here.seen.isEmpty() ? here.next : here.seen.firstKey();
        if (bare) {
            return new OffsetAndMetadata(first);
        }
        StringBuilder done = new StringBuilder(VERSION);
        Iterator<Map.Entry<Long, Boolean>> all = here.seen.entrySet().iterator();
        long from = -1;
        long to = -1;
        while (all.hasNext() && done.length() < LONGEST) {
            Map.Entry<Long, Boolean> entry = all.next();
            if (entry.getValue()) {
                from = from < 0 ? entry.getKey() : from;
                to = entry.getKey();
            } else if (from >= 0) {
                add(done, from - first, to - first);
                from = -1;
            }
        }
        if (from >= 0) {
            add(done, from - first, to - first);
        }
        // What was done before, and is still to be read again.
        for (Map.Entry<Long, Long> range : here.doneBefore.entrySet()) {
            if (range.getValue() >= here.next && done.length() < LONGEST) {
                add(done, Math.max(range.getKey(), here.next) - first, range.getValue() - first);
            }
        }
        return done.length() == VERSION.length()
                ? new OffsetAndMetadata(first)
                : new OffsetAndMetadata(first, done.toString());
    }

    private static void add(StringBuilder done, long from, long to) {
        done.append(Long.toString(from, Character.MAX_RADIX))
                .append('-')
                .append(Long.toString(to, Character.MAX_RADIX))
                .append(',');
    }

    /** What somebody else wrote there says nothing. */
    private static NavigableMap<Long, Long> ranges(OffsetAndMetadata committed) {
        NavigableMap<Long, Long> ranges = new TreeMap<>();
        if (!committed.metadata().startsWith(VERSION)) {
            return ranges;
        }
        try {
            for (String range : committed.metadata().substring(VERSION.length()).split(",", 0)) {
                String[] ends = range.split("-", 0);
                ranges.put(
                        committed.offset() + Long.parseLong(ends[0], Character.MAX_RADIX),
                        committed.offset() + Long.parseLong(ends[1], Character.MAX_RADIX));
            }
            return ranges;
        } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
            return new TreeMap<>();
        }
    }
}
