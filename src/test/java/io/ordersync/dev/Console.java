package io.ordersync.dev;

import io.ordersync.contract.InterceptResult;
import io.ordersync.contract.InterceptShipmentCommand;
import io.ordersync.contract.OrderAlert;
import io.ordersync.contract.OrderCase;
import io.ordersync.contract.WarehouseLockCommand;
import io.ordersync.contract.WarehouseLockResult;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.stream.StreamSupport;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/** Reads what the service sends and what it is answered, as any receiver would, and tells it in words. It starts before the stream and stops after it. */
final class Console implements SmartLifecycle {
    private static final Logger RACES = LoggerFactory.getLogger("race");
    private static final Logger CASES = LoggerFactory.getLogger("case");
    private static final Logger ORDERS = LoggerFactory.getLogger("order");
    private static final Logger LOG = LoggerFactory.getLogger("shop");
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration SUMMARY = Duration.ofSeconds(10);
    private static final List<String> TOLD = List.of(
            DevTopics.LOCKS,
            DevTopics.INTERCEPTS,
            DevTopics.LOCK_RESULTS,
            DevTopics.INTERCEPT_RESULTS,
            DevTopics.ALERTS,
            DevTopics.CASES);

    private final Shop shop;
    private final String bootstrapServers;
    private final WireDecoder decoder;
    private final String followed;
    private final RaceLines races = new RaceLines();
    private final CaseLines cases = new CaseLines();
    private volatile boolean running;
    private @Nullable Thread reader;

    Console(Shop shop, ConsoleProperties properties, String bootstrapServers, String registryUrl) {
        this.shop = shop;
        this.bootstrapServers = bootstrapServers;
        this.decoder = new WireDecoder(registryUrl);
        this.followed = properties.follow();
    }

    @Override
    public void start() {
        running = true;
        reader = Thread.ofPlatform().name("console").start(this::read);
    }

    @Override
    public void stop() {
        running = false;
        try {
            if (reader != null) {
                reader.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return 0;
    }

    private void read() {
        var last = shop.sent();
        long lastAt = System.nanoTime();
        var topics = followed.isEmpty() ? TOLD : DevTopics.OF_ORDERS;
        try (var consumer = CommittedReader.of(bootstrapServers, topics)) {
            while (running) {
                StreamSupport.stream(consumer.poll(POLL).spliterator(), false)
                        .filter(message -> message.value() != null)
                        .sorted(Comparator.comparingLong(ConsumerRecord::timestamp))
                        .forEach(this::hear);
                long now = System.nanoTime();
                tell(RACES, races.ready(now));
                tell(CASES, cases.ready(now));
                if (now - lastAt >= SUMMARY.toNanos()) {
                    var sent = shop.sent();
                    LOG.info(summary(sent, sent.events() - last.events(), Duration.ofNanos(now - lastAt)));
                    LOG.info(cases.summary());
                    last = sent;
                    lastAt = now;
                }
            }
        } catch (RuntimeException e) {
            LOG.error("the console tells no more", e);
            throw e;
        }
    }

    private void tell(Logger logger, List<String> lines) {
        lines.stream().filter(line -> line.contains(followed)).forEach(logger::info);
    }

    private void hear(ConsumerRecord<String, byte[]> message) {
        try {
            take(message);
        } catch (RuntimeException e) { // anyone may send anything as an answer, and the service has a place for it
            LOG.warn("a record on {} is not told: {}", message.topic(), e.toString());
        }
    }

    private void take(ConsumerRecord<String, byte[]> message) {
        if (!followed.isEmpty() && message.key() != null && message.key().contains(followed)) {
            ORDERS.info(FollowedOrder.line(message.topic(), message.key(), decoder.decode(message.value())));
        }
        long now = System.nanoTime();
        switch (message.topic()) {
            case DevTopics.LOCKS -> races.add(decoded(message, WarehouseLockCommand.class));
            case DevTopics.INTERCEPTS -> races.add(decoded(message, InterceptShipmentCommand.class));
            case DevTopics.LOCK_RESULTS -> cases.add(decoded(message, WarehouseLockResult.class));
            case DevTopics.INTERCEPT_RESULTS -> cases.add(decoded(message, InterceptResult.class));
            case DevTopics.CASES -> cases.add(decoded(message, OrderCase.class), now);
            case DevTopics.ALERTS -> {
                var alert = decoded(message, OrderAlert.class);
                races.add(alert, now);
                cases.add(alert, now);
            }
            default -> {}
        }
    }

    private <T extends SpecificRecord> T decoded(ConsumerRecord<String, byte[]> message, Class<T> type) {
        return decoder.decode(message.value(), type);
    }

    private String summary(Shop.Sent sent, long events, Duration time) {
        return String.format(
                "orders %d, refunds %d, parcels %d, %.1f events/s | %s",
                sent.orders(), sent.refunds(), sent.parcels(), events * 1e9 / time.toNanos(), races.summary(sent));
    }
}
