package io.ordersync.dev;

import io.ordersync.contract.InterceptShipmentCommand;
import io.ordersync.contract.OrderAlert;
import io.ordersync.contract.WarehouseLockCommand;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/** Reads what the service sends, as any receiver would, and tells it in words. It starts before the stream and stops after it. */
final class Console implements SmartLifecycle {
    static final String LOCKS = "warehouse-lock-commands";
    static final String INTERCEPTS = "intercept-shipment-commands";
    static final String ALERTS = "order-alerts";

    private static final Logger RACES = LoggerFactory.getLogger("race");
    private static final Logger LOG = LoggerFactory.getLogger("shop");
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration SUMMARY = Duration.ofSeconds(10);

    private final Shop shop;
    private final String bootstrapServers;
    private final WireDecoder decoder;
    private final RaceLines lines = new RaceLines();
    private volatile boolean running;
    private @Nullable Thread reader;

    Console(Shop shop, String bootstrapServers, String registryUrl) {
        this.shop = shop;
        this.bootstrapServers = bootstrapServers;
        this.decoder = new WireDecoder(registryUrl);
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
        try (var consumer = consumer()) {
            while (running) {
                consumer.poll(POLL).forEach(this::take);
                long now = System.nanoTime();
                lines.ready(now).forEach(RACES::info);
                if (now - lastAt >= SUMMARY.toNanos()) {
                    var sent = shop.sent();
                    LOG.info(summary(sent, sent.events() - last.events(), Duration.ofNanos(now - lastAt)));
                    last = sent;
                    lastAt = now;
                }
            }
        } catch (RuntimeException e) {
            LOG.error("the console tells no more: a record could not be read", e);
            throw e;
        }
    }

    private void take(ConsumerRecord<String, byte[]> message) {
        switch (message.topic()) {
            case LOCKS -> lines.add(decoder.decode(message.value(), WarehouseLockCommand.class));
            case INTERCEPTS -> lines.add(decoder.decode(message.value(), InterceptShipmentCommand.class));
            default -> lines.add(decoder.decode(message.value(), OrderAlert.class), System.nanoTime());
        }
    }

    private String summary(Shop.Sent sent, long events, Duration time) {
        return String.format(
                "orders %d, refunds %d, parcels %d, %.1f events/s | %s",
                sent.orders(), sent.refunds(), sent.parcels(), events * 1e9 / time.toNanos(), lines.summary(sent));
    }

    private Consumer<String, byte[]> consumer() {
        var consumer = new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers,
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed",
                        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false"),
                new StringDeserializer(),
                new ByteArrayDeserializer());
        List<TopicPartition> partitions = Stream.of(LOCKS, INTERCEPTS, ALERTS)
                .flatMap(topic -> consumer.partitionsFor(topic).stream())
                .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                .toList();
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        return consumer;
    }
}
