package io.ordersync;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;

/**
 * Three shops on clients that no one here wrote: kafkajs with kafkajs' registry client, kafkajs with Confluent's Avro for
 * JavaScript, and kcat. Each sends every input with its own partitioner and keys, answers its own commands, and both libraries
 * read every topic. What the shops do stands in {@code interop/shop.mjs}.
 */
@Tag("interop")
@Timeout(300)
class ForeignClientsTest {

    /** Of an input; others have 3 or 6. */
    static final int MOST_PARTITIONS = 12;

    private static final Map<String, String> CLIENTS = Map.of(
            "kafkajs", "kafkajs and @kafkajs/confluent-schema-registry; keys: the order's id, by murmur2",
            "confluent", "kafkajs and @confluentinc/schemaregistry; keys: none, in turn",
            "kcat", "kcat, values from a file; keys: the order key by crc32, or none, at random");

    private static final Map<String, ChildProgram> SHOPS = new LinkedHashMap<>();

    @TempDir
    static Path stateDirectory;

    private static Outside outside;
    private static ShopFloor floor;
    private static ConfigurableApplicationContext service;
    private static Map<String, List<JsonNode>> said = Map.of();

    @BeforeAll
    static void letTheShopsFinishTheirBusiness() {
        ChildProgram.requireNodePackages();
        outside = new Outside();
        floor = outside.shopFloor(
                ShopFloor.INPUTS.stream().collect(Collectors.toMap(input -> input, ForeignClientsTest::partitions)));
        service = floor.start(stateDirectory);
        abortAnAlert();
        Map<String, String> environment = Map.of(
                "BOOTSTRAP",
                outside.broker.bootstrapServers(),
                "REGISTRY",
                outside.registryUrl,
                "TOPIC_PREFIX",
                floor.prefix,
                "KAFKAJS_NO_PARTITIONER_WARNING",
                "1");
        Stream.of("kafkajs", "confluent", "kcat")
                .filter(client -> !client.equals("kcat") || ChildProgram.isThere("kcat"))
                .forEach(client -> SHOPS.put(client, ChildProgram.node(environment, "shop.mjs", client)));
        SHOPS.keySet()
                .forEach(client -> await().untilAsserted(
                                () -> assertThat(awaited(client)).as(client).isEmpty()));
        floor.awaitAllHandled();
        long produced = SHOPS.values().stream()
                .mapToLong(shop -> all(shop.said(), "produced").size())
                .sum();
        long committed = ShopFloor.OUTPUTS.stream()
                .mapToLong(topic -> floor.records(topic).size())
                .sum();
        SHOPS.values()
                .forEach(shop ->
                        ShopFloor.await().until(() -> all(shop.said(), "read").size() >= produced + committed));
        said = SHOPS.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, shop -> shop.getValue().said()));
        report();
    }

    @AfterAll
    static void stop() {
        SHOPS.values().forEach(ChildProgram::close);
        if (service != null) {
            service.close();
            floor.close();
            outside.close();
        }
    }

    static Stream<String> clients() {
        return SHOPS.keySet().stream();
    }

    @ParameterizedTest
    @MethodSource("clients")
    void everyInputIsProduced(String client) {
        assertThat(all(said(client), "produced"))
                .extracting(line -> line.path("produced").asString())
                .containsAll(ShopFloor.INPUTS);
    }

    @ParameterizedTest
    @MethodSource("clients")
    void everyRaceIsFoundAndFollowedToItsEnd(String client) {
        assertThat(records(client, ShopFloor.LOCKS))
                .filteredOn(record -> text(record, "orderId").equals("withdrawn"))
                .extracting(record -> text(record, "action"))
                .containsExactly("LOCK", "RELEASE");
        assertThat(records(client, ShopFloor.LOCKS))
                .filteredOn(record -> text(record, "action").equals("PULL_PARCEL"))
                .extracting(record -> text(record, "orderId"))
                .containsExactly("pulled");
        assertThat(records(client, ShopFloor.INTERCEPTS))
                .extracting(record -> text(record, "orderId"), record -> text(record, "action"))
                .containsExactlyInAnyOrder(
                        tuple("returned", "INTERCEPT"),
                        tuple("voided", "INTERCEPT"),
                        tuple("voided", "CANCEL"),
                        tuple("resolved", "INTERCEPT"),
                        tuple("resolved", "CANCEL"));
        assertThat(last(records(client, ShopFloor.ALERTS), "alertId"))
                .extracting(
                        record -> text(record, "orderId"),
                        record -> text(record, "code"),
                        record -> text(record, "state"))
                .containsExactlyInAnyOrder(
                        tuple("pulled", "REFUNDED_BUT_SHIPPED", "RESOLVED"),
                        tuple("returned", "REFUNDED_BUT_SHIPPED", "RESOLVED"),
                        tuple("voided", "REFUNDED_BUT_SHIPPED", "RESOLVED"),
                        tuple("resolved", "REFUNDED_BUT_SHIPPED", "RESOLVED"));
        assertThat(last(records(client, ShopFloor.CASES), "caseId"))
                .extracting(
                        record -> text(record, "orderId"),
                        record -> text(record, "state"),
                        record -> text(record, "outcome"))
                .containsExactlyInAnyOrder(
                        tuple("pulled", "CLOSED", "PREVENTED"),
                        tuple("returned", "CLOSED", "RETURNED"),
                        tuple("voided", "CLOSED", "VOIDED"),
                        tuple("resolved", "CLOSED", "KEPT_AND_REPAID"));
    }

    @ParameterizedTest
    @MethodSource("clients")
    void anErasedOrderLeavesATombstone(String client) {
        assertThat(all(said(client), "read"))
                .filteredOn(record ->
                        isOn(record, ShopFloor.CASES) && record.path("value").isNull())
                .extracting(record -> record.path("key").asString())
                .contains("SHOPIFY:" + client + ":resolved");
    }

    @ParameterizedTest
    @MethodSource("clients")
    void whatIsNoAvroComesBackAsItWas(String client) {
        assertThat(all(said(client), "read"))
                .filteredOn(record -> isOn(record, ShopFloor.DEAD_LETTERS))
                .filteredOn(record -> text(record.path("undecodable")).equals("no Avro of " + client))
                .extracting(
                        record -> text(record.at("/headers/order-sync-reason")),
                        record -> text(record.at("/headers/order-sync-topic")))
                .containsExactly(tuple("UNREADABLE", floor.prefix + ShopFloor.REFUNDS));
    }

    @ParameterizedTest
    @MethodSource("clients")
    void allButTheDeadLettersHasTheOrderKey(String client) {
        assertThat(records(client, ShopFloor.LOCKS, ShopFloor.INTERCEPTS, ShopFloor.ALERTS, ShopFloor.CASES))
                .isNotEmpty()
                .allSatisfy(record -> assertThat(text(record.path("key")))
                        .isEqualTo("SHOPIFY:" + client + ':' + text(record, "orderId")));
    }

    /** Inputs of every shop and outputs alike: each library decodes what the other one encoded, and what the service did. */
    @Test
    void bothLibrariesReadTheSame() {
        List<JsonNode> byKafkajs = inOrder(all(said("kafkajs"), "read"));
        List<JsonNode> byConfluent = inOrder(all(said("confluent"), "read"));

        assertThat(byKafkajs.stream().map(ForeignClientsTest::withoutError))
                .containsExactlyElementsOf(byConfluent.stream()
                        .map(ForeignClientsTest::withoutError)
                        .toList());
        assertThat(byKafkajs)
                .filteredOn(record -> record.has("undecodable"))
                .extracting(record -> text(record.path("read")))
                .containsOnly(ShopFloor.REFUNDS, ShopFloor.DEAD_LETTERS);
    }

    @Test
    void kcatReadsTheSameRecordsAndNoneThatWasAborted() {
        ChildProgram.require("kcat");
        for (String topic : Stream.concat(ShopFloor.INPUTS.stream(), ShopFloor.OUTPUTS.stream())
                .toList()) {
            assertThat(kcat(topic))
                    .as(topic)
                    .isNotEmpty()
                    .containsExactlyInAnyOrderElementsOf(all(said("kafkajs"), "read").stream()
                            .filter(record -> isOn(record, topic))
                            .map(record -> record.path("partition").asInt() + " "
                                    + record.path("offset").asInt() + ' '
                                    + record.path("bytes").asInt(-1) + ' '
                                    + record.path("key").asString(""))
                            .toList());
        }
        assertThat(kcat(ShopFloor.ALERTS, "-X", "isolation.level=read_uncommitted"))
                .hasSize(kcat(ShopFloor.ALERTS).size() + 1);
    }

    /** Else the partitioners would not matter. */
    @Test
    void someOrdersAreOnSeveralPartitionNumbers() {
        Map<String, Long> partitions = ShopFloor.INPUTS.stream()
                .flatMap(input -> all(said("kafkajs"), "read").stream().filter(record -> isOn(record, input)))
                .filter(record -> record.path("value").isObject())
                .collect(Collectors.groupingBy(
                        record -> text(record, "shopId") + ':' + text(record, "orderId"),
                        Collectors.collectingAndThen(
                                Collectors.mapping(
                                        record -> record.path("partition").asInt(), Collectors.toSet()),
                                set -> (long) set.size())));

        assertThat(partitions.values().stream().anyMatch(count -> count > 1)).isTrue();
    }

    // ------------------------------------------------------------------------------------------------ helpers

    private static ConditionFactory await() {
        return ShopFloor.await().pollInterval(Duration.ofMillis(200));
    }

    /** Inputs have 3, 6 and 12 partitions in turn. */
    private static int partitions(String input) {
        return List.of(3, 6, MOST_PARTITIONS).get(ShopFloor.INPUTS.indexOf(input) % 3);
    }

    private static int width(String topic) {
        return ShopFloor.INPUTS.contains(topic) ? partitions(topic) : MOST_PARTITIONS;
    }

    /** Who reads what is not committed sees one alert more. */
    private static void abortAnAlert() {
        Properties settings = new Properties();
        settings.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, outside.broker.bootstrapServers());
        settings.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, "one that aborts");
        try (var producer = new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.initTransactions();
            producer.beginTransaction();
            var sent = producer.send(new ProducerRecord<>(floor.prefix + ShopFloor.ALERTS, "aborted".getBytes(UTF_8)));
            producer.flush();
            assertThat(sent).isDone();
            producer.abortTransaction();
        }
    }

    /** What the shop still waits for; see {@code answer} in shop.mjs. */
    private static List<String> awaited(String client) {
        Map<String, Predicate<JsonNode>> awaited = new LinkedHashMap<>();
        for (String order : List.of("pulled", "voided", "returned")) {
            awaited.put("the end of " + order, about(ShopFloor.CASES, client, order, "state", "CLOSED"));
        }
        awaited.put("the end of withdrawn", about("warehouse-lock-results", client, "withdrawn", "status", "RELEASED"));
        awaited.put(
                "the end of resolved",
                record -> isOn(record, ShopFloor.CASES)
                        && text(record.path("key")).equals("SHOPIFY:" + client + ":resolved")
                        && record.path("value").isNull());
        awaited.put(
                "the end of broken",
                record -> isOn(record, ShopFloor.DEAD_LETTERS)
                        && text(record.path("undecodable")).equals("no Avro of " + client));
        List<JsonNode> read = all(shop(client).said(), "read");
        awaited.values().removeIf(what -> read.stream().anyMatch(what));
        return List.copyOf(awaited.keySet());
    }

    private static Predicate<JsonNode> about(String topic, String client, String order, String field, String value) {
        return record -> isOn(record, topic)
                && text(record, "shopId").equals(client)
                && text(record, "orderId").equals(order)
                && text(record, field).equals(value);
    }

    private static ChildProgram shop(String client) {
        return requireNonNull(SHOPS.get(client));
    }

    private static List<JsonNode> said(String client) {
        return said.getOrDefault(client, List.of());
    }

    private static List<JsonNode> all(List<JsonNode> lines, String kind) {
        return lines.stream().filter(line -> line.has(kind)).toList();
    }

    /** What this client read about its own orders. */
    private static List<JsonNode> records(String client, String... topics) {
        return all(said(client), "read").stream()
                .filter(record -> List.of(topics).contains(text(record.path("read"))))
                .filter(record -> text(record, "shopId").equals(client))
                .toList();
    }

    private static List<JsonNode> last(List<JsonNode> states, String id) {
        Map<String, JsonNode> last = new LinkedHashMap<>();
        states.forEach(state -> last.put(text(state, id), state));
        return List.copyOf(last.values());
    }

    private static boolean isOn(JsonNode record, String topic) {
        return text(record.path("read")).equals(topic);
    }

    private static String text(JsonNode record, String field) {
        return text(record.path("value").path(field));
    }

    private static String text(JsonNode node) {
        return node.asString("");
    }

    private static List<JsonNode> inOrder(List<JsonNode> records) {
        List<JsonNode> sorted = new ArrayList<>(records);
        sorted.sort(Comparator.comparing((JsonNode record) -> text(record.path("read")))
                .thenComparingInt(record -> record.path("partition").asInt())
                .thenComparingInt(record -> record.path("offset").asInt()));
        return sorted;
    }

    /** The libraries may word their errors as they like. */
    private static String withoutError(JsonNode record) {
        return record.properties().stream()
                .filter(field -> !field.getKey().equals("error"))
                .map(Object::toString)
                .collect(Collectors.joining("\n"));
    }

    private static List<String> kcat(String topic, String... options) {
        return ChildProgram.run(
                Duration.ofSeconds(30),
                Stream.concat(
                                Stream.of(
                                        "kcat",
                                        "-C",
                                        "-e",
                                        "-q",
                                        "-b",
                                        outside.broker.bootstrapServers(),
                                        "-t",
                                        floor.prefix + topic,
                                        "-f",
                                        "%p %o %S %k\\n"),
                                Stream.of(options))
                        .toArray(String[]::new));
    }

    private static void report() {
        System.out.println();
        SHOPS.keySet()
                .forEach(client -> System.out.printf(
                        "%-9s %s%n", client, requireNonNull(CLIENTS.get(client), () -> "no word about " + client)));
        System.out.printf("%-28s %10s   %-33s %s%n", "topic", "partitions", "produced by", "read by");
        Stream.concat(ShopFloor.INPUTS.stream(), ShopFloor.OUTPUTS.stream()).forEach(topic -> {
            String produced = SHOPS.keySet().stream()
                    .map(client -> client
                            + ' '
                            + all(said(client), "produced").stream()
                                    .filter(line -> text(line.path("produced")).equals(topic))
                                    .count())
                    .filter(count -> ShopFloor.INPUTS.contains(topic))
                    .collect(Collectors.joining(", "));
            String read = Stream.of("kafkajs", "confluent")
                    .map(client -> {
                        List<JsonNode> records = all(said(client), "read").stream()
                                .filter(record -> isOn(record, topic))
                                .toList();
                        long none = records.stream()
                                .filter(record -> record.has("undecodable"))
                                .count();
                        return client + ' ' + records.size() + (none == 0 ? "" : " (" + none + " no Avro)");
                    })
                    .collect(Collectors.joining(", "));
            String byKcat = SHOPS.containsKey("kcat") ? ", kcat " + kcat(topic).size() : "";
            System.out.printf("%-28s %10d   %-33s %s%n", topic, width(topic), produced, read + byKcat);
        });
        System.out.println();
    }
}
