package io.ordersync;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.ordersync.contract.ContractIds;
import io.ordersync.contract.InterceptResult;
import io.ordersync.contract.InterceptShipmentCommand;
import io.ordersync.contract.InterceptStatus;
import io.ordersync.contract.OrderAlert;
import io.ordersync.contract.OrderCase;
import io.ordersync.contract.ParcelStage;
import io.ordersync.contract.RefundApproved;
import io.ordersync.contract.RefundCause;
import io.ordersync.contract.RefundClosed;
import io.ordersync.contract.RefundKind;
import io.ordersync.contract.RefundLine;
import io.ordersync.contract.ShipmentCreated;
import io.ordersync.contract.ShipmentLine;
import io.ordersync.contract.ShipmentPurpose;
import io.ordersync.contract.ShipmentStatusChanged;
import io.ordersync.contract.ShipmentVoided;
import io.ordersync.contract.WarehouseLockCommand;
import io.ordersync.dev.Answer;
import io.ordersync.messaging.DeadLetter;
import io.ordersync.process.ChildJvm;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.utils.Utils;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.KafkaStreams;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.event.ApplicationStartedEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.kafka.config.StreamsBuilderFactoryBean;

/**
 * One test's topics, its producers, and one who reads what the service committed. An order has one unit of line A, priced at
 * 129.00; it is refunded an hour ago, and its parcel was made twenty minutes ago.
 */
final class ShopFloor implements AutoCloseable {

    static final String REFUNDS = "refund-approved";
    static final String PARCELS = "shipment-created";
    static final String CLOSES = "refund-closed";
    static final String VOIDS = "shipment-voided";
    static final String SCANS = "shipment-status";
    static final String LOCK_RESULTS = "warehouse-lock-results";
    static final String LOCKS = "warehouse-lock-commands";
    static final String INTERCEPTS = "intercept-shipment-commands";
    static final String ALERTS = "order-alerts";
    static final String CASES = "order-cases";
    static final String DEAD_LETTERS = "order-sync-dead-letters";
    static final String UNDELIVERED = "order-alerts-undelivered";
    static final String INTERCEPT_RESULTS = "intercept-results";
    static final String RESOLUTIONS = "case-resolutions";

    static final List<String> REQUIRED = List.of(REFUNDS, PARCELS);
    static final List<String> INPUTS =
            List.of(REFUNDS, PARCELS, CLOSES, VOIDS, SCANS, LOCK_RESULTS, INTERCEPT_RESULTS, RESOLUTIONS);
    static final List<String> OUTPUTS = List.of(LOCKS, INTERCEPTS, ALERTS, CASES, DEAD_LETTERS);
    /** Written only where there are channels. */
    private static final List<String> ALL_OUTPUTS =
            Stream.concat(OUTPUTS.stream(), Stream.of(UNDELIVERED)).toList();

    final Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    final String prefix;
    private final Outside outside;
    /** The inputs that are there. */
    private final Set<String> inputs;

    private final Consumer<byte[], byte[]> reader;
    private final Consumer<byte[], byte[]> committed;
    private final List<ConsumerRecord<byte[], byte[]>> read = new ArrayList<>();
    private final List<Future<RecordMetadata>> sends = new ArrayList<>();

    /** @param partitions of each input that is there; each output has as many as the widest of them */
    ShopFloor(Outside outside, String prefix, Map<String, Integer> partitions) {
        this.outside = outside;
        this.prefix = prefix;
        inputs = new TreeSet<>(partitions.keySet());
        int widest = Collections.max(partitions.values());
        partitions.forEach((topic, count) -> outside.broker.createTopics(count, prefix + topic));
        outside.broker.createTopics(
                widest, ALL_OUTPUTS.stream().map(prefix::concat).toArray(String[]::new));
        Properties settings = new Properties();
        settings.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, outside.broker.bootstrapServers());
        settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        reader = consumer(settings);
        reader.assign(ALL_OUTPUTS.stream()
                .flatMap(topic ->
                        IntStream.range(0, widest).mapToObj(partition -> new TopicPartition(prefix + topic, partition)))
                .toList());
        reader.seekToBeginning(reader.assignment());
        committed = consumer(settings);
    }

    private static Consumer<byte[], byte[]> consumer(Properties settings) {
        return new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    void create(String topic, int partitions) {
        outside.broker.createTopics(partitions, prefix + topic);
        // It is made before each broker knows of it.
        await().ignoreExceptionsMatching(failure -> failure.getCause() instanceof UnknownTopicOrPartitionException)
                .until(() -> count(topic) == partitions);
        inputs.add(topic);
    }

    /** Gives a topic so many partitions. */
    void widen(String topic, int partitions) {
        Answer.of(outside.admin
                .createPartitions(Map.of(prefix + topic, NewPartitions.increaseTo(partitions)))
                .all());
    }

    /** Makes a topic anew, with so many partitions. */
    void makeAnew(String topic, int partitions) {
        Answer.of(outside.admin.deleteTopics(List.of(prefix + topic)).all());
        await().ignoreExceptions().until(() -> {
            create(topic, partitions);
            return true;
        });
    }

    /** How many partitions a topic of this test has by now. */
    int count(String topic) {
        return partitions(prefix + topic).size();
    }

    boolean isThere(String input) {
        return inputs.contains(input);
    }

    /** The topic's whole name. */
    String named(String topic) {
        return prefix + topic;
    }

    private List<TopicPartition> partitions(String name) {
        var description = Answer.of(outside.admin.describeTopics(List.of(name)).allTopicNames());
        return description.get(name).partitions().stream()
                .map(partition -> new TopicPartition(name, partition.partition()))
                .toList();
    }

    // ------------------------------------------------------------------------------------------------ the service

    String applicationId() {
        return prefix + "order-sync";
    }

    /** Starts the service on these topics. */
    ConfigurableApplicationContext start(Path stateDirectory, String... more) {
        return start(outside.registryUrl, stateDirectory, more);
    }

    ConfigurableApplicationContext start(String registryUrl, Path stateDirectory, String... more) {
        return SpringApplication.run(
                OrderSyncApplication.class,
                arguments(registryUrl, stateDirectory, more).toArray(String[]::new));
    }

    /** Starts it, and does not wait for what it waits for. */
    ConfigurableApplicationContext startWaiting(Path stateDirectory, String... more) {
        SpringApplication service = new SpringApplication(OrderSyncApplication.class);
        CompletableFuture<ConfigurableApplicationContext> started = new CompletableFuture<>();
        service.addListeners((ApplicationListener<ApplicationStartedEvent>)
                event -> started.complete(event.getApplicationContext()));
        Thread.ofPlatform().name("start").start(() -> {
            try {
                service.run(arguments(outside.registryUrl, stateDirectory, more).toArray(String[]::new));
            } catch (RuntimeException e) {
                started.completeExceptionally(e);
                throw e;
            }
        });
        return started.orTimeout(40, TimeUnit.SECONDS).join();
    }

    /** Starts it as a process of its own. */
    ChildJvm startProcess(Path stateDirectory, String... more) {
        return ChildJvm.named("service")
                .heap("512m")
                .start(OrderSyncApplication.class.getName(), arguments(outside.registryUrl, stateDirectory, more));
    }

    /** The same without what tests have on the class path, such as their own settings of the log. */
    ChildJvm startAsInProduction(Path stateDirectory, String... more) {
        return ChildJvm.named("service")
                .heap("512m")
                .classPath(ChildJvm.productionClassPath("target/classes"))
                .start(OrderSyncApplication.class.getName(), arguments(outside.registryUrl, stateDirectory, more));
    }

    /** Starts a command of the service. */
    ChildJvm startCommand(String command, String... options) {
        List<String> arguments = new ArrayList<>(List.of(command));
        arguments.addAll(arguments(outside.registryUrl, Path.of("none"), options));
        return ChildJvm.named(command).start(OrderSyncApplication.class.getName(), arguments);
    }

    private List<String> arguments(String registryUrl, Path stateDirectory, String... more) {
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
        Stream<String> topics = Stream.concat(INPUTS.stream(), ALL_OUTPUTS.stream())
                .map(topic -> "--order-sync.topics." + topic.replace("order-sync-", "") + '=' + prefix + topic);
        // The last one of a name holds: Spring would take both as a list.
        Map<String, String> arguments = new LinkedHashMap<>();
        Stream.of(own, topics, Stream.of(more))
                .flatMap(part -> part)
                .forEach(argument -> arguments.put(argument.split("=", 2)[0], argument));
        return List.copyOf(arguments.values());
    }

    /** No time to finish, and no word to the group. */
    static void kill(ConfigurableApplicationContext service) {
        KafkaStreams streams = service.getBean(StreamsBuilderFactoryBean.class).getKafkaStreams();
        assertThat(streams).isNotNull();
        streams.close(CloseOptions.timeout(Duration.ZERO)
                .withGroupMembershipOperation(CloseOptions.GroupMembershipOperation.REMAIN_IN_GROUP));
    }

    /** What a counter says by now: of each value of its tag {@code topic}; zero is left out. */
    static Map<String, Integer> countedByTopic(ConfigurableApplicationContext service, String metric) {
        Map<String, Integer> counted = new TreeMap<>();
        Matcher lines = Pattern.compile("(?m)^" + metric + "\\{.*topic=\"([^\"]+)\".*} ([0-9.]+)$")
                .matcher(service.getBean(PrometheusMeterRegistry.class).scrape());
        while (lines.find()) {
            counted.merge(lines.group(1), (int) Double.parseDouble(lines.group(2)), Integer::sum);
        }
        return counted;
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
        awaitAllHandled(Duration.ofSeconds(40));
    }

    void awaitAllHandled(Duration atMost) {
        awaitAllHandled(applicationId(), atMost);
    }

    /** @param group the application id of the service that is waited for */
    void awaitAllHandled(String group, Duration atMost) {
        outside.producer.flush();
        assertThat(sends).allMatch(send -> send.state() == Future.State.SUCCESS);
        var read = inputs.stream()
                .flatMap(topic -> partitions(prefix + topic).stream())
                .toList();
        await().atMost(atMost).until(() -> isWorkedOff(group, read));
        await().atMost(atMost).until(() -> isWorkedOff(group, partitions(group + "-strays")));
        var ends = ends(reader.assignment());
        await().until(() -> {
            poll();
            return ends.entrySet().stream().allMatch(end -> reader.position(end.getKey()) >= end.getValue());
        });
    }

    /** Is no record left before the present ends? The marks of transactions have offsets too, and nobody commits these. */
    private boolean isWorkedOff(String group, Collection<TopicPartition> partitions) {
        var done = Answer.of(outside.admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata());
        var ends = ends(partitions);
        return partitions.stream().allMatch(partition -> {
            OffsetAndMetadata offset = done.get(partition);
            return isEmpty(partition, offset == null ? 0 : offset.offset(), ends.get(partition));
        });
    }

    private boolean isEmpty(TopicPartition partition, long from, long to) {
        if (from >= to) {
            return true;
        }
        committed.assign(List.of(partition));
        committed.seek(partition, from);
        return committed.poll(Duration.ofMillis(200)).isEmpty() && committed.position(partition) >= to;
    }

    /** How many records of each input partition the service has not committed yet. */
    Map<TopicPartition, Long> lags() {
        var done = Answer.of(
                outside.admin.listConsumerGroupOffsets(applicationId()).partitionsToOffsetAndMetadata());
        Map<TopicPartition, Long> lags = new HashMap<>();
        ends(inputs.stream()
                        .flatMap(input -> partitions(prefix + input).stream())
                        .toList())
                .forEach((partition, end) -> {
                    OffsetAndMetadata offset = done.get(partition);
                    lags.put(partition, end - (offset == null ? 0 : offset.offset()));
                });
        return lags;
    }

    /** All committed records of a topic, by its whole name. */
    List<ConsumerRecord<byte[], byte[]>> committedRecords(String name) {
        var ends = ends(partitions(name));
        committed.assign(ends.keySet());
        committed.seekToBeginning(ends.keySet());
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        while (ends.entrySet().stream().anyMatch(end -> committed.position(end.getKey()) < end.getValue())) {
            committed.poll(Duration.ofMillis(100)).forEach(records::add);
        }
        return records;
    }

    /** With what is not committed yet. */
    private Map<TopicPartition, Long> ends(Collection<TopicPartition> partitions) {
        var specs = partitions.stream().collect(Collectors.toMap(p -> p, p -> OffsetSpec.latest()));
        return Answer.of(outside.admin.listOffsets(specs).all()).entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, end -> end.getValue().offset()));
    }

    /** Where the service sends what came to another partition than its order's. */
    List<TopicPartition> strays() {
        return partitions(applicationId() + "-strays");
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

    /** The order's parcel was seen ten minutes ago. */
    ShipmentStatusChanged scan(String orderId) {
        return ShipmentStatusChanged.newBuilder()
                .setEventId("scan event of " + orderId)
                .setPlatform("DOUYIN")
                .setShopId("shop-1")
                .setOrderId(orderId)
                .setShipmentId("S-" + orderId)
                .setStage(ParcelStage.IN_TRANSIT)
                .setOccurredAt(now.minus(Duration.ofMinutes(10)))
                .build();
    }

    byte[] bytes(SpecificRecordBase event) {
        return outside.encoder.encode(prefix + topic(event), event);
    }

    static String topic(SpecificRecordBase event) {
        return switch (event) {
            case RefundApproved refund -> REFUNDS;
            case ShipmentCreated parcel -> PARCELS;
            case RefundClosed closed -> CLOSES;
            case ShipmentVoided voided -> VOIDS;
            case ShipmentStatusChanged scan -> SCANS;
            case InterceptResult answer -> INTERCEPT_RESULTS;
            case OrderAlert alert -> ALERTS;
            default -> throw new IllegalArgumentException("nobody tells a " + event.getClass());
        };
    }

    /** With the order's key. */
    void send(SpecificRecordBase event) {
        send(topic(event), String.valueOf(event.get("orderId")), bytes(event));
    }

    void send(String topic, @Nullable String key, byte @Nullable [] value) {
        sends.add(outside.producer.send(record(topic, null, key, value, new RecordHeaders())));
    }

    void send(String topic, int partition, @Nullable String key, byte @Nullable [] value) {
        sends.add(outside.producer.send(record(topic, partition, key, value, new RecordHeaders())));
    }

    /** Waits until it is there, and tells where. */
    RecordMetadata put(String topic, int partition, @Nullable String key, byte @Nullable [] value, Headers headers) {
        Future<RecordMetadata> send = outside.producer.send(record(topic, partition, key, value, headers));
        await().until(send::isDone);
        return send.resultNow();
    }

    /** @param partition null: as Kafka's own producer takes it */
    private ProducerRecord<byte[], byte[]> record(
            String topic, @Nullable Integer partition, @Nullable String key, byte @Nullable [] value, Headers headers) {
        return new ProducerRecord<>(
                prefix + topic, partition, key == null ? null : key.getBytes(UTF_8), value, headers);
    }

    /** Right into the service's own topic. */
    void sendStray(int partition, byte[] key, byte @Nullable [] value, Headers headers) {
        sends.add(outside.producer.send(
                new ProducerRecord<>(applicationId() + "-strays", partition, key, value, headers)));
    }

    /** The order's key. */
    static String key(String orderId) {
        return "DOUYIN:shop-1:" + orderId;
    }

    /** The partition that an order lives on. */
    static int home(String orderId, int partitions) {
        return Utils.toPositive(Utils.murmur2(key(orderId).getBytes(UTF_8))) % partitions;
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

    List<OrderCase> cases() {
        return decoded(CASES, OrderCase.class);
    }

    List<OrderAlert> alerts() {
        return decoded(ALERTS, OrderAlert.class);
    }

    private <T extends SpecificRecord> List<T> decoded(String topic, Class<T> type) {
        return records(topic).stream()
                .filter(record -> record.value() != null)
                .map(record -> outside.decoder.decode(record.value(), type))
                .toList();
    }

    private void poll() {
        reader.poll(Duration.ofMillis(20)).forEach(read::add);
    }

    static String id(String orderId, String name) {
        return ContractIds.idOf(key(orderId), name);
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
        committed.close();
    }
}
