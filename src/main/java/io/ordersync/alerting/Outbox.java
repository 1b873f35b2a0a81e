package io.ordersync.alerting;

import io.ordersync.contract.AlertSeverity;
import io.ordersync.contract.AlertState;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What one channel has still to tell, and when. What fires as CRITICAL is next; all else comes with its group. What is said
 * of one alert is told in its order. Times are milliseconds of one clock that does not jump. For one thread.
 */
final class Outbox {

    private final Shape shape;
    private final Grouping grouping;
    private final Deque<Item> urgent = new ArrayDeque<>();
    private final Map<String, Group> groups = new LinkedHashMap<>();
    /** What waits of each alert, in its order. */
    private final Map<String, List<Item>> waiting = new HashMap<>();

    /** Of a letter that was refused. */
    private final Deque<Letter> parts = new ArrayDeque<>();

    private @Nullable Letter current;
    /** Of which the current letter tells all. */
    private @Nullable Group currentGroup;

    private boolean lastWasUrgent;
    private int size;

    /** What is told of an alert at once: all its entries where the last one says everything, else one. */
    private static final class Item {
        final List<Entry> entries = new ArrayList<>(1);
        final Group group;
        final long sinceMs;
        boolean urgent;

        Item(Group group, long sinceMs) {
            this.group = group;
            this.sinceMs = sinceMs;
        }
    }

    private static final class Group {
        final String name;
        final SequencedSet<Item> items = new LinkedHashSet<>();

        @Nullable
        Long toldMs;

        Group(String name) {
            this.name = name;
        }

        long dueMs(Grouping grouping) {
            long waited = items.getFirst().sinceMs + grouping.firstAfter().toMillis();
            return toldMs == null
                    ? waited
                    : Math.max(waited, toldMs + grouping.interval().toMillis());
        }
    }

    Outbox(Shape shape, Grouping grouping) {
        this.shape = shape;
        this.grouping = grouping;
    }

    /** How many entries are here, those of the current letter included. */
    int size() {
        return size;
    }

    /** True when an entry of this alert would be told together with one that waits. */
    boolean joins(String alertId) {
        return shape.lastSaysAll() && waiting.containsKey(alertId);
    }

    /** The record, by its time, that is here for the longest; empty when nothing is. */
    Optional<Entry> oldest() {
        List<Entry> first = new ArrayList<>();
        if (current != null) {
            first.addAll(current.entries());
        }
        urgent.forEach(item -> first.addAll(item.entries));
        parts.forEach(letter -> first.addAll(letter.entries()));
        groups.values().stream()
                .filter(group -> !group.items.isEmpty())
                .forEach(group -> first.addAll(group.items.getFirst().entries));
        return first.stream()
                .min(Comparator.comparingLong(entry -> entry.record().timestamp()));
    }

    void add(Entry entry, long nowMs) {
        List<Item> before = waiting.computeIfAbsent(entry.alertId(), id -> new ArrayList<>(1));
        size++;
        if (shape.lastSaysAll() && !before.isEmpty()) {
            before.getLast().entries.add(entry);
        } else {
            // What is said of one alert is told in its order, also when it belongs elsewhere by now.
            Group group = before.isEmpty()
                    ? groups.computeIfAbsent(grouping.groupOf(entry.alert()), Group::new)
                    : before.getLast().group;
            Item item = new Item(group, nowMs);
            item.entries.add(entry);
            group.items.add(item);
            before.add(item);
        }
        if (isUrgent(entry) || before.getFirst().urgent) {
            // With what was said of the same alert before, and with what follows: neither may overtake the other.
            before.forEach(this::hurry);
        }
    }

    private static boolean isUrgent(Entry entry) {
        return entry.alert().getState() != AlertState.RESOLVED && entry.alert().getSeverity() == AlertSeverity.CRITICAL;
    }

    private void hurry(Item item) {
        if (!item.urgent) {
            item.urgent = true;
            item.group.items.remove(item);
            urgent.add(item);
        }
    }

    /**
     * What is to be told by now. The same until it is {@link #settled}; empty when nothing is due.
     *
     * @param full no more can come: whoever waits for more waits in vain
     */
    Optional<Letter> next(long nowMs, boolean full) {
        if (current != null) {
            return Optional.of(current);
        }
        if (!parts.isEmpty() && (urgent.isEmpty() || lastWasUrgent || isOfParts(urgent))) {
            current = parts.remove();
            lastWasUrgent = false;
            return Optional.of(current);
        }
        groups.values()
                .removeIf(group -> group.items.isEmpty()
                        && (group.toldMs == null
                                || group.toldMs + grouping.interval().toMillis() <= nowMs));
        Group due = groups.values().stream()
                .filter(group -> !group.items.isEmpty() && (full || group.dueMs(grouping) <= nowMs))
                .min(Comparator.comparingLong(group -> group.dueMs(grouping)))
                .orElse(null);
        boolean overdue =
                due != null && due.dueMs(grouping) + grouping.interval().toMillis() <= nowMs;
        if (!urgent.isEmpty() && !(overdue && lastWasUrgent)) {
            current = letter(urgent, shape.urgentPerRequest());
            lastWasUrgent = true;
        } else if (due != null) {
            current = letter(due.items, shape.alertsPerRequest());
            lastWasUrgent = false;
            if (due.items.isEmpty()) {
                // Otherwise what did not fit into one request would wait for another interval.
                currentGroup = due;
            }
        }
        return Optional.ofNullable(current);
    }

    /** What was refused together, and is told in parts now, goes before what was said of the same alerts since. */
    private boolean isOfParts(Collection<Item> items) {
        Set<String> ids = new HashSet<>();
        parts.forEach(letter -> letter.entries().forEach(entry -> ids.add(entry.alertId())));
        return items.stream()
                .anyMatch(item -> ids.contains(item.entries.getFirst().alertId()));
    }

    /** Takes as many as one request may tell from the head of {@code items}. */
    private Letter letter(Collection<Item> items, int most) {
        List<Entry> entries = new ArrayList<>();
        Set<String> names = new HashSet<>();
        int alerts = 0;
        for (var each = items.iterator(); each.hasNext() && alerts < most; alerts++) {
            Item item = each.next();
            each.remove();
            entries.addAll(item.entries);
            names.add(item.group.name);
            // What comes from now on is told after this.
            waiting.computeIfPresent(item.entries.getFirst().alertId(), (id, all) -> {
                all.remove(item);
                return all.isEmpty() ? null : all;
            });
        }
        return new Letter(names.size() == 1 ? names.iterator().next() : "", entries);
    }

    /**
     * Divides the current letter, which was refused for its content: what can be told is, and what can't ends up alone.
     *
     * @return false when there is one entry only
     */
    boolean divide() {
        Letter letter = Objects.requireNonNull(current);
        int half = letter.entries().size() / 2;
        if (half == 0) {
            return false;
        }
        // In their order, before what else was divided.
        parts.addFirst(new Letter(
                letter.group(), letter.entries().subList(half, letter.entries().size())));
        parts.addFirst(new Letter(letter.group(), letter.entries().subList(0, half)));
        current = null;
        return true;
    }

    /** The current letter was told, or given up. */
    void settled(long nowMs) {
        size -= Objects.requireNonNull(current).entries().size();
        current = null;
        if (!parts.isEmpty()) {
            return;
        }
        if (currentGroup != null) {
            currentGroup.toldMs = nowMs;
        }
        currentGroup = null;
    }
}
