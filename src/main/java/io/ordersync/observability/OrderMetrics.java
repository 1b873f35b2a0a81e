package io.ordersync.observability;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.ordersync.domain.Alert;
import io.ordersync.domain.Decision;
import io.ordersync.domain.Effect;
import io.ordersync.domain.Fact;
import io.ordersync.domain.InterceptCommand;
import io.ordersync.domain.InterceptResult;
import io.ordersync.domain.LockCommand;
import io.ordersync.domain.OrderCase;
import io.ordersync.domain.RaceTiming;
import io.ordersync.domain.Rejection;
import io.ordersync.domain.WarehouseLockResult;
import io.ordersync.streams.OpenOrders;
import io.ordersync.streams.StreamListener;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Currency;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Counts what the stream does, and what is open. Counted before the transaction commits: after a crash some are counted twice,
 * while nothing is sent twice. No id of an order, a refund or a parcel is in a label, nor anything free that others write.
 */
public final class OrderMetrics implements StreamListener {

    static final String EVENTS = "ordersync.events";
    static final String STRAYS = "ordersync.strays";
    static final String DEAD_LETTERS = "ordersync.dead.letters";
    static final String PASSED_OVER = "ordersync.passed.over";
    static final String COMMANDS = "ordersync.commands";
    /** A name of its own: whoever sums {@link #COMMANDS} sums what was sent. */
    static final String WITHHELD = "ordersync.commands.withheld";

    static final String ANSWERS = "ordersync.answers";
    static final String ANSWERS_DROPPED = "ordersync.answers.dropped";
    static final String DEADLINES = "ordersync.deadlines.passed";
    static final String DEADLINES_HELD = "ordersync.deadlines.held";
    static final String ALERTS = "ordersync.alerts";
    static final String FIRING = "ordersync.alerts.firing";
    static final String CASES = "ordersync.cases";
    static final String CASES_OPEN = "ordersync.cases.open";
    static final String OLDEST = "ordersync.cases.oldest.age";
    static final String OPENED = "ordersync.cases.opened";
    static final String CLOSED = "ordersync.cases.closed";
    static final String EXPOSURE_OPENED = "ordersync.exposure.opened.minor";
    static final String EXPOSURE_CLOSED = "ordersync.exposure.closed.minor";
    static final String SINCE_ARRIVAL = "ordersync.detection.arrival";
    static final String SINCE_BUSINESS = "ordersync.detection.business";
    static final String ERASED = "ordersync.orders.erased";
    static final String FORGOTTEN = "ordersync.orders.forgotten";
    static final String FAILURES = "ordersync.failures";

    /** From a commit on a machine at rest to a backlog of minutes: what objectives are set by (docs/operating.md). */
    private static final Duration[] ARRIVAL = {
        Duration.ofMillis(5), Duration.ofMillis(10), Duration.ofMillis(25), Duration.ofMillis(50),
        Duration.ofMillis(100), Duration.ofMillis(250), Duration.ofMillis(500), Duration.ofSeconds(1),
        Duration.ofSeconds(2), Duration.ofSeconds(5), Duration.ofSeconds(10), Duration.ofSeconds(30),
        Duration.ofMinutes(1), Duration.ofMinutes(5), Duration.ofMinutes(30)
    };

    /** How long shop and warehouse keep to themselves what they know, up to the time after which nothing is recalled. */
    private static final Duration[] BUSINESS = {
        Duration.ofSeconds(1), Duration.ofSeconds(10), Duration.ofMinutes(1), Duration.ofMinutes(5),
        Duration.ofMinutes(15), Duration.ofHours(1), Duration.ofHours(6), Duration.ofDays(1),
        Duration.ofDays(3), Duration.ofDays(10)
    };

    /** The field is free text: whatever is none would be a label of its own. */
    private static final Set<String> CURRENCIES =
            Currency.availableCurrencies().map(Currency::getCurrencyCode).collect(Collectors.toUnmodifiableSet());

    private final MeterRegistry meters;
    private final Clock clock;
    /** Of each partition whose orders are here. */
    private final Set<OpenOrders> here = ConcurrentHashMap.newKeySet();

    private record Arrived(String topic, Decision.Outcome outcome) {}

    /** To find a meter in the registry by its name and tags costs more than to count: these two are asked for each event. */
    private final Map<Arrived, Counter> events = new ConcurrentHashMap<>();

    private final Map<Enum<?>, Counter> commands = new ConcurrentHashMap<>();
    private final Timer sinceArrivals;
    private final Counter answersDropped;
    private final Counter deadlines;
    private final Counter erased;
    private final Counter forgotten;
    private final Counter failures;

    /** @param clock the wall clock */
    public OrderMetrics(MeterRegistry meters, Clock clock) {
        this.meters = meters;
        this.clock = clock;
        for (OrderCase.State state : OrderCase.State.values()) {
            if (state != OrderCase.State.CLOSED) {
                gauge(
                        CASES_OPEN,
                        "cases in this state, of the orders that are here",
                        "state",
                        state,
                        metrics -> metrics.sum(open -> open.cases(state)));
                Gauge.builder(OLDEST, this, metrics -> metrics.oldestAgeSeconds(state))
                        .description(
                                "since the oldest of them opened, business time, as the last pass over the store found")
                        .baseUnit("seconds")
                        .tag("state", tag(state))
                        .register(meters);
            }
        }
        for (Alert.Code code : Alert.Code.values()) {
            gauge(
                    FIRING,
                    "alerts that hold, of the orders that are here",
                    "code",
                    code,
                    metrics -> metrics.sum(open -> open.firing(code)));
        }
        // From zero on: of a counter that is new, nobody sees the first count.
        Stream.<Enum<?>>concat(Stream.of(LockCommand.Action.values()), Stream.of(InterceptCommand.Action.values()))
                .forEach(action -> {
                    sent(action, 0);
                    withheld(action, 0);
                });
        for (RaceTiming.Cause cause : RaceTiming.Cause.values()) {
            for (RaceTiming.Type type : RaceTiming.Type.values()) {
                openedCases(tag(type), tag(cause));
            }
        }
        openedCases("none", "none");
        for (OrderCase.Outcome outcome : OrderCase.Outcome.values()) {
            closedCases(tag(outcome));
        }
        for (WarehouseLockResult.Status status : WarehouseLockResult.Status.values()) {
            answers("lock", status);
        }
        for (InterceptResult.Status status : InterceptResult.Status.values()) {
            answers("intercept", status);
        }
        answersDropped = counter(ANSWERS_DROPPED, "answers to commands never sent that gave way to later ones");
        sinceArrivals = Timer.builder(SINCE_ARRIVAL)
                .description("from the timestamp of a record until what it calls for is sent, before the commit")
                .serviceLevelObjectives(ARRIVAL)
                .register(meters);
        deadlines = counter(DEADLINES, "orders of which something was not answered in time");
        erased = counter(ERASED, "orders that someone asked to forget");
        forgotten = counter(FORGOTTEN, "orders forgotten");
        failures = counter(
                FAILURES, "what time alone would have done to an order and failed, by a bug: it is tried again");
        Gauge.builder(DEADLINES_HELD, this, OrderMetrics::heldSeconds)
                .description("for how long the first deadline has been due and held back by a backlog")
                .baseUnit("seconds")
                .register(meters);
    }

    private void gauge(
            String name, String description, String key, Enum<?> symbol, ToDoubleFunction<OrderMetrics> value) {
        Gauge.builder(name, this, value)
                .description(description)
                .tag(key, tag(symbol))
                .register(meters);
    }

    private double sum(ToDoubleFunction<OpenOrders> what) {
        return here.stream().mapToDouble(what).sum();
    }

    private double oldestAgeSeconds(OrderCase.State state) {
        return here.stream()
                .map(open -> open.oldest(state))
                .filter(Objects::nonNull)
                .min(Comparator.<Instant>naturalOrder())
                .map(oldest ->
                        Math.max(0, Duration.between(oldest, clock.instant()).toMillis() / 1e3))
                .orElse(0.0);
    }

    private double heldSeconds() {
        return here.stream()
                .mapToDouble(open -> open.deadlinesHeld().toMillis() / 1e3)
                .max()
                .orElse(0);
    }

    @Override
    public void took(OpenOrders open) {
        here.add(open);
    }

    @Override
    public void left(OpenOrders open) {
        here.remove(open);
    }

    @Override
    public void arrived(String topic, @Nullable Fact fact, Decision.Outcome outcome) {
        events.computeIfAbsent(
                        new Arrived(topic, outcome),
                        what -> counter(
                                EVENTS, "facts taken in", "topic", what.topic(), "outcome", tag(what.outcome())))
                .increment();
        if (outcome == Decision.Outcome.NEWS) {
            if (fact instanceof WarehouseLockResult result) {
                answers("lock", result.status()).increment();
            } else if (fact instanceof InterceptResult result) {
                answers("intercept", result.status()).increment();
            }
        }
    }

    private Counter answers(String command, Enum<?> status) {
        return counter(ANSWERS, "answers that said something new", "command", command, "status", tag(status));
    }

    @Override
    public void detected(Duration sinceArrival) {
        sinceArrivals.record(sinceArrival);
    }

    @Override
    public void opened(OrderCase orderCase) {
        RaceTiming race = orderCase.race();
        openedCases(race == null ? "none" : tag(race.type()), race == null ? "none" : tag(race.cause()))
                .increment();
        exposure(EXPOSURE_OPENED, "worth of the units in excess when their case opened, in minor units", orderCase);
        if (orderCase.version() == 1) {
            Duration since = Duration.between(orderCase.openedAt(), orderCase.updatedAt());
            Timer.builder(SINCE_BUSINESS)
                    .description("from the later of refund and parcel, business time, until their case opened first")
                    .serviceLevelObjectives(BUSINESS)
                    .register(meters)
                    .record(since.isNegative() ? Duration.ZERO : since);
        }
    }

    private Counter openedCases(String race, String cause) {
        return counter(OPENED, "cases that opened, by what was known then", "race", race, "cause", cause);
    }

    private Counter closedCases(String outcome) {
        return counter(CLOSED, "cases that were closed", "outcome", outcome);
    }

    @Override
    public void closed(OrderCase orderCase) {
        String outcome = outcome(orderCase);
        closedCases(outcome).increment();
        exposure(
                EXPOSURE_CLOSED,
                "worth of the units in excess of cases that were closed, in minor units",
                orderCase,
                "outcome",
                outcome);
    }

    private void exposure(String name, String description, OrderCase orderCase, String... tags) {
        Long minor = orderCase.exposureMinor();
        if (minor != null && minor > 0) {
            String currency = orderCase.currency();
            Counter.builder(name)
                    .description(description)
                    .tag("currency", currency != null && CURRENCIES.contains(currency) ? currency : "other")
                    .tags(tags)
                    .register(meters)
                    .increment(minor);
        }
    }

    @Override
    public void strayed(String topic) {
        count(STRAYS, "records that came to another partition than their order's", "topic", topic);
    }

    @Override
    public void rejected(String topic, Rejection rejection) {
        count(DEAD_LETTERS, "records put to the dead letters", "topic", topic, "reason", tag(rejection.reason()));
    }

    @Override
    public void passedOver(String topic) {
        count(PASSED_OVER, "records without a value that ask for nothing", "topic", topic);
    }

    @Override
    public void sent(Effect effect) {
        switch (effect) {
            case LockCommand lock -> sent(lock.action(), 1);
            case InterceptCommand intercept -> sent(intercept.action(), 1);
            case OrderCase orderCase ->
                count(
                        CASES,
                        "cases sent, one for each change",
                        "state",
                        tag(orderCase.state()),
                        "outcome",
                        outcome(orderCase));
            case Alert alert ->
                count(
                        ALERTS,
                        "alerts sent",
                        "code",
                        tag(alert.code()),
                        "severity",
                        tag(alert.severity()),
                        "state",
                        tag(alert.state()));
        }
    }

    private void sent(Enum<?> action, int count) {
        commands.computeIfAbsent(action, each -> counter(COMMANDS, "commands sent", "action", tag(each)))
                .increment(count);
    }

    @Override
    public void withheld(Effect command) {
        switch (command) {
            case LockCommand lock -> withheld(lock.action(), 1);
            case InterceptCommand intercept -> withheld(intercept.action(), 1);
            // These are sent in shadow too.
            case OrderCase orderCase -> {}
            case Alert alert -> {}
        }
    }

    private void withheld(Enum<?> action, int count) {
        counter(WITHHELD, "commands that the shadow mode kept back", "action", tag(action))
                .increment(count);
    }

    @Override
    public void answersDropped(int count) {
        answersDropped.increment(count);
    }

    @Override
    public void forgotten() {
        forgotten.increment();
    }

    @Override
    public void erased() {
        erased.increment();
    }

    @Override
    public void deadlinesPassed() {
        deadlines.increment();
    }

    @Override
    public void failed() {
        failures.increment();
    }

    private void count(String name, String description, String... tags) {
        counter(name, description, tags).increment();
    }

    private Counter counter(String name, String description, String... tags) {
        return Counter.builder(name).description(description).tags(tags).register(meters);
    }

    private static String outcome(OrderCase orderCase) {
        return orderCase.outcome() == null ? "none" : tag(orderCase.outcome());
    }

    private static String tag(Enum<?> symbol) {
        return symbol.name().toLowerCase(Locale.ROOT);
    }
}
