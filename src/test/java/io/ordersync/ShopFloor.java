package io.ordersync;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.ordersync.contract.InterceptResult;
import io.ordersync.contract.InterceptShipmentCommand;
import io.ordersync.contract.InterceptStatus;
import io.ordersync.contract.OrderAlert;
import io.ordersync.contract.ParcelStage;
import io.ordersync.contract.RefundApproved;
import io.ordersync.contract.RefundCause;
import io.ordersync.contract.RefundKind;
import io.ordersync.contract.RefundLine;
import io.ordersync.contract.ShipmentCreated;
import io.ordersync.contract.ShipmentLine;
import io.ordersync.contract.ShipmentPurpose;
import io.ordersync.contract.WarehouseLockCommand;
import io.ordersync.messaging.DeadLetter;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * One test's topics, its producers, and one who reads what the service committed. An order has one unit of line A, priced at
 * 129.00; it is refunded an hour ago, and its parcel was made twenty minutes ago.
 */
final class ShopFloor implements AutoCloseable {

    static final String REFUNDS = "refund-approved";
    static final String PARCELS = "shipment-created";
    static final String LOCKS = "warehouse-lock-commands";
    static final String INTERCEPTS = "intercept-shipment-commands";
    static final String ALERTS = "order-alerts";
    static final String CASES = "order-cases";
    static final String DEAD_LETTERS = "order-sync-dead-letters";
    static final String INTERCEPT_RESULTS = "intercept-results";
    static final String RESOLUTIONS = "case-resolutions";

    static final List<String> REQUIRED = List.of(REFUNDS, PARCELS);
    private static final List<String> INPUTS = List.of(
            REFUNDS,
            PARCELS,
            "refund-closed",
            "shipment-voided",
            "shipment-status",
            "warehouse-lock-results",
            INTERCEPT_RESULTS,
            RESOLUTIONS);
    private static final List<String> OUTPUTS = List.of(LOCKS, INTERCEPTS, ALERTS, CASES, DEAD_LETTERS);

    private static final UUID NAMESPACE = UUID.fromString("6f1b1d1e-6d4f-5c0a-9a55-0d5e0a7c1b01");

    final Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    private final Outside outside;
    private final String prefix;
    private final List<TopicPartition> inputs;
    private final Consumer<byte[], byte[]> reader;
    private final List<ConsumerRecord<byte[], byte[]>> read = new ArrayList<>();
    private final List<Future<RecordMetadata>> sends = new ArrayList<>();

    ShopFloor(Outside outside, String prefix, int partitions) {
        this(outside, prefix, partitions, INPUTS);
    }

    /** @param there the inputs that are there */
    ShopFloor(Outside outside, String prefix, int partitions, List<String> there) {
        this.outside = outside;
        this.prefix = prefix;
        outside.broker.createTopics(
                partitions,
                Stream.concat(there.stream(), OUTPUTS.stream())
                        .map(prefix::concat)
                        .toArray(String[]::new));
        inputs = partitions(partitions, there);
        Properties settings = new Properties();
        settings.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, outside.broker.bootstrapServers());
        settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        reader = new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        reader.assign(partitions(partitions, OUTPUTS));
        reader.seekToBeginning(reader.assignment());
    }

    void create(String topic, int partitions) {
        outside.broker.createTopics(partitions, prefix + topic);
    }

    private List<TopicPartition> partitions(int partitions, List<String> topics) {
        return topics.stream()
                .flatMap(topic -> IntStream.range(0, partitions)
                        .mapToObj(partition -> new TopicPartition(prefix + topic, partition)))
                .toList();
    }

    // ------------------------------------------------------------------------------------------------ the service

    String applicationId() {
        return prefix + "order-sync";
    }

    /** Starts the service on these topics. */
    ConfigurableApplicationContext start(Path stateDirectory, String... more) {
        return start(outside.registry.url(), stateDirectory, more);
    }

    ConfigurableApplicationContext start(String registryUrl, Path stateDirectory, String... more) {
        Stream<String> own = Stream.of(
                "--server.port=0",
                "--spring.main.banner-mode=off",
                "--spring.kafka.bootstrap-servers=" + outside.broker.bootstrapServers(),
                "--spring.kafka.streams.application-id=" + applicationId(),
                "--spring.kafka.streams.state-dir=" + stateDirectory,
                "--spring.kafka.streams.replication-factor=1",
                // A member that was killed is waited for so long.
                "--spring.kafka.streams.properties.consumer.session.timeout.ms=6000",
                "--spring.kafka.streams.properties.consumer.heartbeat.interval.ms=1000",
                "--order-sync.schema-registry.url=" + registryUrl);
        Stream<String> topics = Stream.concat(INPUTS.stream(), OUTPUTS.stream())
                .map(topic -> "--order-sync.topics." + topic.replace("order-sync-", "") + '=' + prefix + topic);
        return SpringApplication.run(
                OrderSyncApplication.class,
                Stream.of(own, topics, Stream.of(more)).flatMap(part -> part).toArray(String[]::new));
    }

    static ConditionFactory await() {
        return Awaitility.await()
                .pollInSameThread()
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(20))
                .atMost(Duration.ofSeconds(40));
    }

    /** Waits until the service has committed all that was sent to it, and reads what came of it. */
    void awaitAllHandled() {
        outside.producer.flush();
        assertThat(sends).allMatch(send -> send.state() == Future.State.SUCCESS);
        await().until(() -> lag() == 0);
        var ends = reader.endOffsets(reader.assignment());
        await().until(() -> {
            poll();
            return ends.entrySet().stream().allMatch(end -> reader.position(end.getKey()) >= end.getValue());
        });
    }

    private long lag() {
        try {
            var committed = outside.admin
                    .listConsumerGroupOffsets(applicationId())
                    .partitionsToOffsetAndMetadata()
                    .get();
            var specs = inputs.stream().collect(Collectors.toMap(p -> p, p -> OffsetSpec.latest()));
            var ends = outside.admin.listOffsets(specs).all().get();
            return inputs.stream()
                    .mapToLong(input -> offset(ends.get(input), ListOffsetsResultInfo::offset)
                            - offset(committed.get(input), OffsetAndMetadata::offset))
                    .sum();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    private static <T> long offset(@Nullable T known, ToLongFunction<T> offset) {
        return known == null ? 0 : offset.applyAsLong(known);
    }

    // ------------------------------------------------------------------------------------------------ what goes in

    RefundApproved.Builder refund(String orderId) {
        return RefundApproved.newBuilder()
                .setEventId("refund event of " + orderId)
                .setPlatform("DOUYIN")
                .setShopId("shop-1")
                .setOrderId(orderId)
                .setRefundId("R-" + orderId)
                .setRefundVersion(1)
                .setKind(RefundKind.CANCEL_BEFORE_SHIPMENT)
                .setCause(RefundCause.BUYER_REQUEST)
                .setAmountMinor(12_900)
                .setCurrency("CNY")
                .setLines(List.of(new RefundLine("A", "SKU-A", 1, 1, 12_900L, "phones", "W1", null)))
                .setApprovedAt(now.minus(Duration.ofHours(1)));
    }

    ShipmentCreated.Builder parcel(String orderId) {
        return ShipmentCreated.newBuilder()
                .setEventId("parcel event of " + orderId)
                .setPlatform("DOUYIN")
                .setShopId("shop-1")
                .setOrderId(orderId)
                .setShipmentId("S-" + orderId)
                .setShipmentVersion(1)
                .setTrackingNumber("SF-" + orderId)
                .setCourier("SF")
                .setWarehouseId("W1")
                .setPurpose(ShipmentPurpose.ORIGINAL)
                .setStage(ParcelStage.IN_TRANSIT)
                .setLines(List.of(new ShipmentLine("A", "SKU-A", 1, 1, 12_900L, "phones")))
                .setCreatedAt(now.minus(Duration.ofMinutes(20)));
    }

    /** The courier accepts the first INTERCEPT of the order's parcel. */
    InterceptResult answer(String orderId) {
        return InterceptResult.newBuilder()
                .setEventId("answer event of " + orderId)
                .setPlatform("DOUYIN")
                .setShopId("shop-1")
                .setOrderId(orderId)
                .setCommandId(interceptId(orderId, 1))
                .setStatus(InterceptStatus.ACCEPTED)
                .setOccurredAt(now)
                .build();
    }

    byte[] bytes(SpecificRecordBase event) {
        return outside.encoder.encode(prefix + topic(event), event);
    }

    static String topic(SpecificRecordBase event) {
        return switch (event) {
            case RefundApproved refund -> REFUNDS;
            case ShipmentCreated parcel -> PARCELS;
            case InterceptResult answer -> INTERCEPT_RESULTS;
            default -> throw new IllegalArgumentException("nobody tells a " + event.getClass());
        };
    }

    /** With the order's key. */
    void send(SpecificRecordBase event) {
        send(topic(event), String.valueOf(event.get("orderId")), bytes(event));
    }

    void send(String topic, @Nullable String key, byte @Nullable [] value) {
        sends.add(outside.producer.send(
                new ProducerRecord<>(prefix + topic, key == null ? null : key.getBytes(UTF_8), value)));
    }

    // ------------------------------------------------------------------------------------------------ what comes out

    /** Reads on, and gives all that was read from a topic so far. */
    List<ConsumerRecord<byte[], byte[]>> records(String topic) {
        poll();
        return read.stream()
                .filter(record -> record.topic().equals(prefix + topic))
                .toList();
    }

    /** Of each the reason, and the value in hexadecimal. */
    List<String> deadLetters() {
        return records(DEAD_LETTERS).stream()
                .map(letter -> new String(
                                letter.headers().lastHeader(DeadLetter.REASON).value(), UTF_8)
                        + ' '
                        + HexFormat.of().formatHex(letter.value()))
                .toList();
    }

    List<WarehouseLockCommand> locks() {
        return decoded(LOCKS, WarehouseLockCommand.class);
    }

    List<InterceptShipmentCommand> intercepts() {
        return decoded(INTERCEPTS, InterceptShipmentCommand.class);
    }

    List<OrderAlert> alerts() {
        return decoded(ALERTS, OrderAlert.class);
    }

    private <T extends SpecificRecord> List<T> decoded(String topic, Class<T> type) {
        return records(topic).stream()
                .map(record -> outside.decoder.decode(record.value(), type))
                .toList();
    }

    private void poll() {
        reader.poll(Duration.ofMillis(20)).forEach(read::add);
    }

    static String id(String orderId, String name) {
        return idOf("DOUYIN:shop-1:" + orderId, name);
    }

    /** An id as CONTRACT.md has it: the UUID v5 of the order's key and this name. */
    static String idOf(String orderKey, String name) {
        byte[] text = (orderKey + '|' + name).getBytes(UTF_8);
        try {
            byte[] hash = MessageDigest.getInstance("SHA-1")
                    .digest(ByteBuffer.allocate(16 + text.length)
                            .putLong(NAMESPACE.getMostSignificantBits())
                            .putLong(NAMESPACE.getLeastSignificantBits())
                            .put(text)
                            .array());
            hash[6] = (byte) ((hash[6] & 0x0f) | 0x50);
            hash[8] = (byte) ((hash[8] & 0x3f) | 0x80);
            ByteBuffer id = ByteBuffer.wrap(hash);
            return new UUID(id.getLong(), id.getLong()).toString();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    static String lockId(String orderId, int generation) {
        return id(orderId, "LOCK|R-" + orderId + "@W1|" + generation);
    }

    static String interceptId(String orderId, int generation) {
        return id(orderId, "INTERCEPT|S-" + orderId + '|' + generation);
    }

    @Override
    public void close() {
        reader.close();
    }
}
