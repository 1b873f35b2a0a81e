package io.ordersync.faults;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.ordersync.contract.ShipmentCreated;
import io.ordersync.contract.ShipmentLine;
import io.ordersync.dev.Answer;
import io.ordersync.dev.WireEncoder;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;

/** Orders that the service has to remember, and nothing has to be said of: whatever is, is strange to the ledger. */
final class Stock {

    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final Topics topics;
    private final WireEncoder encoder;
    private final String bootstrapServers;
    private final int linesEach;
    private int told;

    /** @param linesEach how many lines each parcel has */
    Stock(Topics topics, String bootstrapServers, String registryUrl, int linesEach) {
        this.topics = topics;
        this.bootstrapServers = bootstrapServers;
        this.linesEach = linesEach;
        encoder = new WireEncoder(registryUrl);
    }

    /** A parcel of each of so many more orders. */
    void tell(int orders) {
        List<ShipmentLine> lines = IntStream.range(0, linesEach)
                .mapToObj(line -> new ShipmentLine("line-" + line, "SKU-of-line-" + line, 1, 1, 12_900L, "phones"))
                .toList();
        String topic = topics.name(Topics.PARCELS);
        try (Producer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrapServers, "linger.ms", 20),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            List<Future<RecordMetadata>> sent = new ArrayList<>();
            for (int i = 0; i < orders; i++) {
                Story story = new Story(
                        Story.Kind.PAID,
                        Long.toString(5_000_000_000_000_000_000L + told),
                        Duration.ZERO,
                        Instant.now());
                told++;
                ShipmentCreated parcel =
                        (ShipmentCreated) story.steps().getFirst().events().getFirst();
                byte[] value = encoder.encode(
                        topic,
                        linesEach == 1
                                ? parcel
                                : ShipmentCreated.newBuilder(parcel)
                                        .setLines(lines)
                                        .build());
                sent.add(producer.send(
                        new ProducerRecord<>(topic, story.orderKey().getBytes(UTF_8), value)));
            }
            for (Future<RecordMetadata> each : sent) {
                Answer.of(each);
            }
        }
    }

    /** Waits until the service remembers them all. */
    void awaitRemembered(Admin admin) {
        Awaitility.await().atMost(PATIENCE).pollInterval(Duration.ofMillis(500)).until(() -> areRemembered(admin));
    }

    /** Does the service remember them all? */
    boolean areRemembered(Admin admin) {
        return remembered(admin) >= told;
    }

    private long remembered(Admin admin) {
        String changelog = topics.applicationId() + "-orders-changelog";
        return Answer.of(admin.listOffsets(IntStream.range(0, topics.partitions())
                                .boxed()
                                .collect(Collectors.toMap(
                                        partition -> new TopicPartition(changelog, partition),
                                        each -> OffsetSpec.latest())))
                        .all())
                .values()
                .stream()
                .mapToLong(end -> end.offset())
                .sum();
    }
}
