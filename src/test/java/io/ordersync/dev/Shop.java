package io.ordersync.dev;

import io.ordersync.dev.ShopEvent.Role;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/** Sends the simulated shop's events when they are due. Someone opens it once the service is ready; it is the first to stop. */
final class Shop implements SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger("shop");
    private static final int TICK_MS = 10;

    private final ShopProperties properties;
    private final String bootstrapServers;
    private final String registryUrl;
    private final LongAdder orders = new LongAdder();
    private final LongAdder refunds = new LongAdder();
    private final LongAdder parcels = new LongAdder();
    private final LongAdder races = new LongAdder();
    private final LongAdder duplicates = new LongAdder();
    private volatile @Nullable Open open;

    Shop(ShopProperties properties, String bootstrapServers, String registryUrl) {
        this.properties = properties;
        this.bootstrapServers = bootstrapServers;
        this.registryUrl = registryUrl;
    }

    /** What was sent since the shop opened; a race is made when the second of its two facts is sent. */
    record Sent(long orders, long refunds, long parcels, long races, long duplicates) {
        long events() {
            return refunds + parcels + duplicates;
        }
    }

    Sent sent() {
        return new Sent(orders.sum(), refunds.sum(), parcels.sum(), races.sum(), duplicates.sum());
    }

    private record Open(ScheduledExecutorService ticker, Sender sender) {}

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // send tells its own errors
    public void start() {
        var events = new ShopEvents(properties, Instant.now().truncatedTo(ChronoUnit.MILLIS));
        long openedAt = System.nanoTime();
        var sender = new Sender(bootstrapServers, registryUrl);
        var ticker = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().name("shop").factory());
        ticker.scheduleAtFixedRate(
                () -> send(sender, events.dueBy(Duration.ofNanos(System.nanoTime() - openedAt))),
                0,
                TICK_MS,
                TimeUnit.MILLISECONDS);
        open = new Open(ticker, sender);
    }

    @Override
    public void stop() {
        var closing = open;
        open = null;
        if (closing != null) {
            closing.ticker().close();
            closing.sender().close();
        }
    }

    @Override
    public boolean isRunning() {
        return open != null;
    }

    @Override
    public boolean isAutoStartup() {
        return false;
    }

    /** Above the stream's phase: the highest stops first. */
    @Override
    public int getPhase() {
        return Integer.MAX_VALUE;
    }

    private void send(Sender sender, List<ShopEvent> events) {
        try {
            for (var event : events) {
                sender.send(event.topic(), event.key(), event.value());
                count(event);
            }
        } catch (RuntimeException e) {
            LOG.error("the shop sends no more: an event could not be sent", e);
            throw e;
        }
    }

    private void count(ShopEvent event) {
        switch (event.role()) {
            case OPENS_ORDER -> orders.increment();
            case COMPLETES_RACE -> races.increment();
            case DUPLICATE -> duplicates.increment();
            case GOES_ON -> {}
        }
        if (event.role() != Role.DUPLICATE) {
            (event.topic().equals(DevTopics.REFUNDS) ? refunds : parcels).increment();
        }
    }
}
