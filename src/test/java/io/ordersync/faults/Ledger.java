package io.ordersync.faults;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.ordersync.contract.AlertState;
import io.ordersync.contract.InterceptShipmentCommand;
import io.ordersync.contract.OrderAlert;
import io.ordersync.contract.OrderCase;
import io.ordersync.contract.WarehouseLockCommand;
import io.ordersync.dev.WireDecoder;
import io.ordersync.faults.Story.IfLate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** What was told, and all that the service said to it, as committed; in the end, what is wrong with that. */
final class Ledger {

    /** Of the clocks of two processes, and of the way of an answer. */
    private static final Duration TOLERANCE = Duration.ofSeconds(1);

    /** A version of a case. */
    private record Version(long number, String state) {}

    /** What was said of an order. */
    private static final class Said {
        final Story story;
        final Map<String, Integer> times = new HashMap<>();
        /** By id: what each said last. */
        final Map<String, OrderAlert> alerts = new HashMap<>();

        final List<String> again = new ArrayList<>();
        final List<Version> versions = new ArrayList<>();
        /** By the command's id: until when it was to be answered. */
        final Map<String, Instant> answerBy = new HashMap<>();
        /** When each name was said, by the service's clock. */
        final Map<String, Instant> at = new HashMap<>();
        /** By the command's id: when the answer was in the broker's log. */
        final Map<String, Instant> answered = new HashMap<>();

        Said(Story story) {
            this.story = story;
        }
    }

    private final Topics topics;
    private final WireDecoder decoder;
    private final boolean clocksAgree;
    private final Map<String, Said> byKey = new LinkedHashMap<>();
    private final Map<String, Integer> planted = new TreeMap<>();
    private final Map<String, Integer> deadLetters = new TreeMap<>();
    private final Set<String> suspects = new TreeSet<>();
    private final List<String> strange = new ArrayList<>();

    /** @param clocksAgree may the service's clock be compared with that of this process? */
    Ledger(Topics topics, WireDecoder decoder, boolean clocksAgree) {
        this.topics = topics;
        this.decoder = decoder;
        this.clocksAgree = clocksAgree;
    }

    void begin(Story story) {
        byKey.put(story.orderKey(), new Said(story));
    }

    /** A record that is to become a dead letter. */
    void plant(byte[] value) {
        planted.merge(HexFormat.of().formatHex(value), 1, Integer::sum);
    }

    /** An answer is in the broker's log; the first one counts. */
    void answered(Story story, String commandId, Instant at) {
        Objects.requireNonNull(byKey.get(story.orderKey())).answered.putIfAbsent(commandId, at);
    }

    /** Has it been said? */
    boolean has(Story story, String name) {
        return Objects.requireNonNull(byKey.get(story.orderKey())).times.containsKey(name);
    }

    /** Does its case stand as it has to in the end? */
    boolean hasEnded(Story story) {
        Said said = Objects.requireNonNull(byKey.get(story.orderKey()));
        return story.finalCases().contains(finalCase(said));
    }

    /** Takes down a record, and tells whose it is; null: nobody's. */
    @Nullable
    Story add(ConsumerRecord<byte[], byte[]> record) {
        String topic = topics.plain(record.topic());
        if (topic.equals(Topics.DEAD_LETTERS)) {
            deadLetters.merge(HexFormat.of().formatHex(record.value()), 1, Integer::sum);
            return null;
        }
        String key = new String(record.key(), UTF_8);
        Said said = byKey.get(key);
        if (said == null) {
            strange.add("of an order that there is not: " + topic + ' ' + key);
            return null;
        }
        switch (topic) {
            case Topics.LOCKS -> {
                WarehouseLockCommand command = decoder.decode(record.value(), WarehouseLockCommand.class);
                note(said, command.getCommandId(), command.getIssuedAt());
            }
            case Topics.INTERCEPTS -> {
                InterceptShipmentCommand command = decoder.decode(record.value(), InterceptShipmentCommand.class);
                said.answerBy.put(command.getCommandId(), command.getAnswerBy());
                note(said, command.getCommandId(), command.getIssuedAt());
            }
            case Topics.ALERTS -> {
                OrderAlert alert = decoder.decode(record.value(), OrderAlert.class);
                noteAlert(said, alert);
            }
            case Topics.CASES -> {
                OrderCase orderCase = decoder.decode(record.value(), OrderCase.class);
                String outcome = orderCase.getOutcome() == null ? "" : " " + orderCase.getOutcome();
                said.versions.add(new Version(orderCase.getVersion(), orderCase.getState() + outcome));
            }
            default -> throw new IllegalStateException("nobody reads " + topic);
        }
        return said.story;
    }

    /** An alert is said again when there is more to say: twice is the same said again. */
    private static void noteAlert(Said said, OrderAlert alert) {
        String name = alert.getAlertId() + ' ' + alert.getState();
        OrderAlert timeless =
                OrderAlert.newBuilder(alert).setDetectedAt(Instant.EPOCH).build();
        if (timeless.equals(said.alerts.put(alert.getAlertId(), timeless))) {
            said.again.add(name);
        }
        said.times.put(name, 1);
        said.at.putIfAbsent(name, alert.getDetectedAt());
    }

    private static void note(Said said, String name, Instant at) {
        said.times.merge(name, 1, Integer::sum);
        said.at.putIfAbsent(name, at);
    }

    // ------------------------------------------------------------------------------------------------- the verdict

    /** The orders of which something is lost, twice or wrong. */
    Set<String> suspects() {
        return suspects;
    }

    Verdict verdict() {
        List<String> lost = new ArrayList<>();
        List<String> twice = new ArrayList<>();
        List<String> wrong = new ArrayList<>(strange);
        int late = 0;
        for (Said said : byKey.values()) {
            Story story = said.story;
            int before = lost.size() + twice.size() + wrong.size();
            for (String name : story.required()) {
                if (!said.times.containsKey(name)) {
                    lost.add(story + ": " + story.readable(name));
                }
            }
            said.again.forEach(name -> twice.add(story + ": " + story.readable(name) + ", the same again"));
            for (var entry : said.times.entrySet()) {
                String name = entry.getKey();
                if (entry.getValue() > 1) {
                    twice.add(story + ": " + story.readable(name) + ", " + entry.getValue() + " times");
                }
                if (story.required().contains(name) || story.possible().contains(name)) {
                    continue;
                }
                IfLate ifLate = story.late().stream()
                        .filter(each -> each.names().contains(name))
                        .findFirst()
                        .orElse(null);
                if (ifLate == null) {
                    wrong.add(story + ": " + story.readable(name));
                } else if (!isLate(said, ifLate)) {
                    wrong.add(story + ": " + story.readable(name) + ", though the answer was there at "
                            + said.answered.get(ifLate.commandId()) + ", in time for "
                            + said.answerBy.get(ifLate.commandId()));
                } else {
                    late += name.endsWith(AlertState.FIRING.name()) ? 1 : 0;
                }
            }
            for (IfLate each : story.late()) {
                long there =
                        each.names().stream().filter(said.times::containsKey).count();
                if (there == 1) {
                    lost.add(story + ": one of FIRING and RESOLVED of " + story.readable(each.commandId()));
                }
            }
            judgeCase(said, lost, twice, wrong);
            if (lost.size() + twice.size() + wrong.size() > before) {
                suspects.add(story.orderId());
            }
        }
        compareDeadLetters(lost, twice, wrong);
        return new Verdict(byKey.size(), lost, twice, wrong, late);
    }

    private boolean isLate(Said said, IfLate ifLate) {
        Instant by = said.answerBy.get(ifLate.commandId());
        Instant answered = said.answered.get(ifLate.commandId());
        return !clocksAgree || (by != null && (answered == null || answered.isAfter(by.minus(TOLERANCE))));
    }

    private static String finalCase(Said said) {
        return said.versions.isEmpty() ? "none" : said.versions.getLast().state();
    }

    private static void judgeCase(Said said, List<String> lost, List<String> twice, List<String> wrong) {
        Story story = said.story;
        long next = 1;
        for (Version version : said.versions) {
            if (version.number() > next) {
                lost.add(story + ": version " + next + " of its case");
            } else if (version.number() < next) {
                twice.add(story + ": version " + version.number() + " of its case");
            }
            next = version.number() + 1;
        }
        if (!story.finalCases().contains(finalCase(said))) {
            (said.versions.isEmpty() ? lost : wrong)
                    .add(story + ": its case is " + finalCase(said) + ", not " + story.finalCases());
        }
    }

    private void compareDeadLetters(List<String> lost, List<String> twice, List<String> wrong) {
        planted.forEach((value, times) -> {
            int letters = deadLetters.getOrDefault(value, 0);
            if (letters < times) {
                lost.add("dead letter " + value + ", " + letters + " of " + times);
            } else if (letters > times) {
                twice.add("dead letter " + value + ", " + letters + " for " + times);
            }
        });
        deadLetters.keySet().stream()
                .filter(value -> !planted.containsKey(value))
                .forEach(value -> wrong.add("dead letter that nobody planted: " + value));
    }
}
