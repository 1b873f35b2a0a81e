package io.ordersync.dev;

import io.ordersync.contract.AlertState;
import io.ordersync.contract.CaseState;
import io.ordersync.contract.InterceptResult;
import io.ordersync.contract.OrderAlert;
import io.ordersync.contract.OrderCase;
import io.ordersync.contract.WarehouseLockResult;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.avro.specific.SpecificRecordBase;
import org.jspecify.annotations.Nullable;

/**
 * Each case's story, one line whenever its state or an alert of it changes. What belongs to one change is sent together but on
 * topics of its own, so that a line waits a moment for the rest. Times are {@link System#nanoTime()}.
 */
final class CaseLines {
    private static final Duration PATIENCE = Duration.ofMillis(400);
    private static final int REMEMBERED = 10_000;
    private static final int MOST_NEWS = 20;

    private final Map<String, Story> stories = new Bounded<>(REMEMBERED);
    private final Map<Story, Long> waiting = new LinkedHashMap<>();
    private final Map<String, Integer> closed = new TreeMap<>();
    private final Map<String, Integer> answers = new TreeMap<>();
    private long opened;

    /** What is known of one order, and what of it was not told yet. */
    private static final class Story {
        private final Map<String, AlertState> alerts = new HashMap<>();
        private final List<String> states = new ArrayList<>();
        private final List<String> news = new ArrayList<>();
        private @Nullable OrderCase known;
        private boolean introduced;

        void hear(String one) {
            if (news.size() < MOST_NEWS) {
                news.add(one);
            }
        }
    }

    void add(WarehouseLockResult result) {
        answered(result, "warehouse", result.getStatus(), result.getRefusal());
    }

    void add(InterceptResult result) {
        answered(result, "courier", result.getStatus(), result.getReason());
    }

    private void answered(SpecificRecordBase result, String who, Enum<?> status, @Nullable Enum<?> reason) {
        answers.merge(who + " " + status, 1, Integer::sum);
        story(result).hear(who + " " + status + (reason == null ? "" : " " + reason));
    }

    void add(OrderAlert alert, long now) {
        var story = story(alert);
        var state = alert.getState();
        var former = story.alerts.put(alert.getAlertId(), state);
        if (state == former || (former == null && state != AlertState.FIRING)) {
            return;
        }
        story.hear(alert.getCode() + " " + state);
        if (story.known != null) {
            waiting.putIfAbsent(story, now);
        }
    }

    void add(OrderCase next, long now) {
        var story = story(next);
        var state = state(next);
        var former = story.known == null ? null : state(story.known);
        boolean wasOpen = story.known != null && isOpen(story.known);
        story.known = next;
        if (state.equals(former)) {
            return;
        }
        if (isOpen(next) && !wasOpen) {
            opened++;
        } else if (!isOpen(next)) {
            closed.merge(String.valueOf(next.getOutcome()), 1, Integer::sum);
        }
        story.states.add(state);
        waiting.putIfAbsent(story, now);
    }

    /** The lines that can be told by now. */
    List<String> ready(long now) {
        var lines = new ArrayList<String>();
        var each = waiting.entrySet().iterator();
        while (each.hasNext()) {
            var next = each.next();
            if (now - next.getValue() < PATIENCE.toNanos()) {
                break;
            }
            each.remove();
            lines.add(line(next.getKey()));
        }
        return lines;
    }

    /** The counts since the start. */
    String summary() {
        var open = new TreeMap<CaseState, Integer>();
        for (var story : stories.values()) {
            if (story.known != null && isOpen(story.known)) {
                open.merge(story.known.getState(), 1, Integer::sum);
            }
        }
        return String.format("cases %d opened, open %s, closed %s | answers %s", opened, open, closed, answers);
    }

    private static String line(Story story) {
        var known = story.known;
        if (known == null) {
            throw new IllegalStateException("a story without a case is not told");
        }
        var parts = new ArrayList<String>();
        parts.add("CASE");
        parts.add(DevTopics.orderKey(known));
        parts.add((story.states.isEmpty() ? state(known) : String.join(" → ", story.states)) + age(known));
        if (!story.introduced) {
            parts.add(parcels(known));
            parts.add(RaceLines.worth(known.getExposureMinor(), known.getCurrency()));
            parts.add(known.getRaceType() + ", " + known.getRaceCause());
            story.introduced = true;
        }
        if (!story.news.isEmpty()) {
            parts.add(String.join(", ", story.news));
        }
        story.states.clear();
        story.news.clear();
        return String.join("  ", parts);
    }

    private static String state(OrderCase known) {
        return isOpen(known) ? known.getState().toString() : known.getState() + " " + known.getOutcome();
    }

    private static boolean isOpen(OrderCase known) {
        return known.getState() != CaseState.CLOSED;
    }

    /** Nothing for a case that just opened. */
    private static String age(OrderCase known) {
        Instant until = known.getClosedAt() == null ? known.getUpdatedAt() : known.getClosedAt();
        var age = Duration.between(known.getOpenedAt(), until);
        if (!isOpen(known)) {
            return " after " + age.toSeconds() + " s, " + known.getVersion() + " versions";
        }
        return age.toSeconds() > 0 ? " after " + age.toSeconds() + " s" : "";
    }

    private static String parcels(OrderCase known) {
        return "parcel " + String.join(", ", known.getShipmentIds()) + " ("
                + RaceLines.courier(known.getCourier(), known.getTrackingNumbers()) + ")";
    }

    private Story story(SpecificRecordBase about) {
        return stories.computeIfAbsent(DevTopics.orderKey(about), ignored -> new Story());
    }
}
