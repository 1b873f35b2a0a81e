package io.ordersync.faults;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.ordersync.dev.WireEncoder;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Load that costs its sender little: parcels that were paid for, and their scans, told again and again. Nothing is to be said
 * of them, and the orders do not grow more.
 */
final class Burden implements AutoCloseable {

    private static final int ORDERS = 2_000;
    private static final Duration TURN = Duration.ofMillis(20);

    private final List<ProducerRecord<byte[], byte[]>> events;
    private final Producer<byte[], byte[]> producer;
    private final AtomicLong sent = new AtomicLong();
    private final Thread thread = new Thread(this::run, "burden");
    private volatile int perSecond;
    private volatile boolean ended;

    /** Begins with nothing; the topics are there. */
    Burden(Topics topics, String bootstrapServers, String registryUrl) {
        WireEncoder encoder = new WireEncoder(registryUrl);
        events = IntStream.range(0, ORDERS)
                .mapToObj(number -> new Story(
                        Story.Kind.PAID,
                        Long.toString(7_000_000_000_000_000_000L + number),
                        Duration.ZERO,
                        Instant.now()))
                .flatMap(story -> events(story, topics, encoder))
                .toList();
        producer = new KafkaProducer<>(
                Map.of(
                        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrapServers,
                        ProducerConfig.LINGER_MS_CONFIG,
                        20,
                        ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
                        Integer.MAX_VALUE,
                        ProducerConfig.MAX_BLOCK_MS_CONFIG,
                        Long.MAX_VALUE),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        thread.start();
    }

    private static Stream<ProducerRecord<byte[], byte[]>> events(Story story, Topics topics, WireEncoder encoder) {
        return story.steps().stream().flatMap(step -> step.events().stream()).map(event -> {
            String topic = topics.name(Traffic.topic(event));
            return new ProducerRecord<>(topic, story.orderKey().getBytes(UTF_8), encoder.encode(topic, event));
        });
    }

    /** So many events from now on. */
    void rate(int eventsPerSecond) {
        perSecond = eventsPerSecond;
    }

    /** How many were sent. */
    long sent() {
        return sent.get();
    }

    @SuppressWarnings("FutureReturnValueIgnored") // one that is lost here would change nothing
    private void run() {
        double owed = 0;
        long before = System.nanoTime();
        for (int next = 0; !ended; ) {
            LockSupport.parkNanos(TURN.toNanos());
            long now = System.nanoTime();
            // What could not be sent in time is not made up for.
            owed = Math.min(owed + (now - before) / 1e9 * perSecond, perSecond);
            before = now;
            for (; owed >= 1; owed--) {
                producer.send(events.get(next));
                next = (next + 1) % events.size();
                sent.incrementAndGet();
            }
        }
    }

    @Override
    public void close() {
        ended = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
        producer.close(Duration.ZERO);
    }
}
