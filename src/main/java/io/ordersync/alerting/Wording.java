package io.ordersync.alerting;

import io.ordersync.contract.AlertSeverity;
import io.ordersync.contract.AlertState;
import io.ordersync.contract.Certainty;
import io.ordersync.contract.Evidence;
import io.ordersync.contract.LockLine;
import io.ordersync.contract.OrderAlert;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Currency;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What people are told of alerts: the order, what was sent, how much is at stake, what to do next. Nothing about the buyer,
 * nobody's name or pseudonym; tracking numbers by their last four characters.
 */
final class Wording {

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("MM-dd HH:mm:ss");
    /** Of what may be long without end, so many are named; the rest are counted. */
    private static final int NAMED = 5;
    /** Ids come from outside. */
    private static final int LONGEST_ID = 64;

    private final Words words;
    private final ZoneId zone;

    /** @param zone of the times */
    Wording(Language language, ZoneId zone) {
        this.words = new Words(language);
        this.zone = zone;
    }

    Page page(Letter letter) {
        List<Entry> standing = letter.standing();
        return standing.size() == 1
                ? single(standing.getFirst().alert(), letter.id())
                : digest(letter, standing.stream().map(Entry::alert).toList());
    }

    private Page single(OrderAlert alert, String id) {
        List<Page.Fact> facts = new ArrayList<>();
        add(facts, "order", order(alert));
        if (!alert.getShipmentIds().isEmpty()) {
            add(facts, "parcel", parcel(alert));
        }
        if (alert.getWarehouseId() != null) {
            add(facts, "warehouse", id(alert.getWarehouseId()));
        }
        if (!alert.getRefundIds().isEmpty()) {
            add(facts, "refunds", named(alert.getRefundIds()));
        }
        if (!alert.getLines().isEmpty()) {
            add(facts, "goods", goods(alert));
        }
        if (!alert.getCollateral().isEmpty()) {
            add(facts, "collateral", words.of("lines", alert.getCollateral().size()));
        }
        if (alert.getExposureMinor() != null || alert.getRaceType() != null) {
            add(facts, "stake", stake(alert).orElseGet(() -> words.of("stake.unknown")));
        }
        if (alert.getGapMillis() != null) {
            add(facts, "gap", gap(alert.getGapMillis()));
        }
        String sent = sent(alert.getEvidence());
        if (!sent.isEmpty()) {
            add(facts, "sent", sent);
        }
        add(facts, "seen", time(alert.getDetectedAt()));
        add(facts, "next", next(alert));
        return new Page(title(alert), alert.getSeverity(), isResolved(alert), facts, List.of(), id);
    }

    private Page digest(Letter letter, List<OrderAlert> alerts) {
        boolean resolved = alerts.stream().allMatch(Wording::isResolved);
        AlertSeverity gravest = alerts.getFirst().getSeverity();
        List<Page.Fact> facts = new ArrayList<>();
        add(
                facts,
                "orders",
                Long.toString(
                        alerts.stream().map(OrderAlert::getOrderId).distinct().count()));
        add(facts, "firing", counts(alerts, Predicate.not(Wording::isResolved)));
        if (alerts.stream().anyMatch(Wording::isResolved)) {
            add(facts, "resolved", counts(alerts, Wording::isResolved));
        }
        add(facts, "stake", stakes(alerts));
        add(
                facts,
                "since",
                time(alerts.stream()
                        .map(OrderAlert::getDetectedAt)
                        .min(Instant::compareTo)
                        .orElseThrow()));
        String group = letter.group().isEmpty() ? "" : " · " + id(letter.group());
        String title = "[" + severity(gravest, resolved) + "] " + words.of("digest", alerts.size()) + group;
        return new Page(
                title, gravest, resolved, facts, alerts.stream().map(this::line).toList(), letter.id());
    }

    private void add(List<Page.Fact> facts, String label, String text) {
        facts.add(new Page.Fact(words.of("label." + label), text));
    }

    /** What an alert is, and of which order. */
    String title(OrderAlert alert) {
        return "[" + severity(alert.getSeverity(), isResolved(alert)) + "] " + code(alert) + " · " + order(alert);
    }

    private String line(OrderAlert alert) {
        return Stream.of(
                        severity(alert.getSeverity(), isResolved(alert)),
                        code(alert),
                        order(alert),
                        alert.getShipmentIds().isEmpty() ? "" : parcel(alert),
                        stake(alert).orElse(""),
                        isResolved(alert) ? "" : words.of("action." + alert.getRecommendedAction()))
                .filter(part -> !part.isEmpty())
                .collect(Collectors.joining(" · "));
    }

    /** What to do next, in a sentence or two. */
    String next(OrderAlert alert) {
        if (isResolved(alert)) {
            return words.of("next.resolved");
        }
        String next = words.firstOf(
                "next." + alert.getCode() + "." + alert.getRecommendedAction(),
                "next." + alert.getCode(),
                "next." + alert.getRecommendedAction());
        return alert.getCertainty() == Certainty.SUSPECTED ? words.of("suspected") + " " + next : next;
    }

    private String severity(AlertSeverity severity, boolean resolved) {
        return resolved ? words.of("resolved") : words.of("severity." + severity);
    }

    private String code(OrderAlert alert) {
        return words.of("code." + alert.getCode());
    }

    private static String order(OrderAlert alert) {
        return id(alert.getPlatform() + ":" + alert.getShopId()) + " " + id(alert.getOrderId());
    }

    private static String parcel(OrderAlert alert) {
        return Stream.of(
                        named(alert.getShipmentIds()),
                        alert.getCourier() == null ? "" : id(alert.getCourier()),
                        masked(alert.getTrackingNumbers()).stream().limit(NAMED).collect(Collectors.joining(", ")))
                .filter(part -> !part.isEmpty())
                .collect(Collectors.joining(" "));
    }

    private static String named(List<String> ids) {
        String first = ids.stream().limit(NAMED).map(Wording::id).collect(Collectors.joining(", "));
        return ids.size() > NAMED ? first + " +" + (ids.size() - NAMED) : first;
    }

    private static String goods(OrderAlert alert) {
        String first = alert.getLines().stream()
                .limit(NAMED)
                .map(line -> id(line.getSkuId()) + " × " + line.getQuantity())
                .collect(Collectors.joining(", "));
        List<LockLine> lines = alert.getLines();
        return lines.size() > NAMED ? first + " +" + (lines.size() - NAMED) : first;
    }

    /** By their last four characters; one that is as short as that not at all. */
    static List<String> masked(List<String> trackingNumbers) {
        return trackingNumbers.stream()
                .map(String::strip)
                .map(number -> number.length() > 4 ? "…" + id(number.substring(number.length() - 4)) : "…")
                .toList();
    }

    /** The goods' worth; empty when it is not known. */
    static Optional<String> stake(OrderAlert alert) {
        return alert.getExposureMinor() == null
                ? Optional.empty()
                : currency(alert.getCurrency()).map(currency -> amount(alert.getExposureMinor(), currency));
    }

    private String stakes(List<OrderAlert> alerts) {
        Map<String, BigDecimal> sums = new TreeMap<>();
        long unknown = 0;
        for (OrderAlert alert : alerts) {
            Optional<Currency> currency = currency(alert.getCurrency());
            if (isResolved(alert)) {
                continue;
            }
            if (alert.getExposureMinor() == null || currency.isEmpty()) {
                unknown++;
            } else {
                sums.merge(
                        currency.get().getCurrencyCode(),
                        decimal(alert.getExposureMinor(), currency.get()),
                        BigDecimal::add);
            }
        }
        List<String> parts = new ArrayList<>();
        sums.forEach((code, sum) -> parts.add(code + " " + sum.toPlainString()));
        if (unknown > 0 || parts.isEmpty()) {
            parts.add(unknown == 0 ? "-" : words.of("stake.some.unknown", unknown));
        }
        return String.join(", ", parts);
    }

    /** Only a real one: the field is free text, and anything could stand there. */
    private static Optional<Currency> currency(@Nullable String code) {
        return Currency.availableCurrencies()
                .filter(currency -> currency.getCurrencyCode().equals(code))
                .findAny();
    }

    private static String amount(long minor, Currency currency) {
        return currency.getCurrencyCode() + " " + decimal(minor, currency).toPlainString();
    }

    private static BigDecimal decimal(long minor, Currency currency) {
        return BigDecimal.valueOf(minor, Math.max(0, currency.getDefaultFractionDigits()));
    }

    private String gap(long millis) {
        Duration gap = Duration.ofMillis(Math.abs(millis));
        String length = gap.toMinutes() < 1
                ? gap.toSeconds() + " s"
                : gap.toHours() < 1
                        ? gap.toMinutes() + " min"
                        : gap.toDays() < 2 ? gap.toHours() + " h" : gap.toDays() + " d";
        return words.of(millis < 0 ? "gap.before" : "gap.after", length);
    }

    /** What the warehouse and the courier were told, as far as it is evidence. */
    private String sent(Collection<Evidence> evidence) {
        Map<String, Evidence> last = new LinkedHashMap<>();
        for (Evidence each : evidence) {
            if (each.getKind().equals("LOCK") || each.getKind().equals("INTERCEPT")) {
                last.put(Objects.requireNonNull(each.getKind()), each);
            }
        }
        return last.entrySet().stream()
                .map(entry ->
                        words.of("sent." + entry.getKey(), time(entry.getValue().getAt())))
                .collect(Collectors.joining(", "));
    }

    private String counts(List<OrderAlert> alerts, Predicate<OrderAlert> which) {
        Map<String, Long> counts = alerts.stream()
                .filter(which)
                .collect(Collectors.groupingBy(this::code, TreeMap::new, Collectors.counting()));
        return counts.isEmpty()
                ? "0"
                : counts.entrySet().stream()
                        .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
                        .map(entry -> entry.getKey() + " " + entry.getValue())
                        .collect(Collectors.joining(", "));
    }

    private String time(Instant at) {
        return TIME.format(at.atZone(zone));
    }

    private static boolean isResolved(OrderAlert alert) {
        return alert.getState() == AlertState.RESOLVED;
    }

    /** One line of text, and not too long. */
    private static String id(String text) {
        String line = text.replaceAll("[\\p{Cntrl}\\p{Cf}\\u2028\\u2029]", " ").strip();
        return line.length() > LONGEST_ID ? line.substring(0, LONGEST_ID) + "…" : line;
    }
}
