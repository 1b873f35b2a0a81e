package io.ordersync;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.ordersync.contract.Evidence;
import io.ordersync.contract.InterceptShipmentCommand;
import io.ordersync.contract.OrderCase;
import io.ordersync.contract.RefundLine;
import io.ordersync.contract.WarehouseLockCommand;
import io.ordersync.messaging.DeadLetter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.ConfigurableApplicationContext;

/** What becomes of a record on another partition than its order's, beside that it is matched. */
@Tag("broker")
class WrongPartitionTest {

    private static final int PARTITIONS = 6;
    private static final int MOST_REFUNDS = 200;

    @TempDir
    private static Path stateDirectory;

    private static Outside outside;
    private static ShopFloor shop;
    private static ConfigurableApplicationContext service;

    @BeforeAll
    static void start() {
        outside = new Outside();
        shop = outside.shopFloor(Map.of(
                ShopFloor.REFUNDS,
                3,
                ShopFloor.PARCELS,
                PARTITIONS,
                ShopFloor.SCANS,
                PARTITIONS,
                ShopFloor.RESOLUTIONS,
                PARTITIONS));
        service = shop.start(stateDirectory);
    }

    @AfterAll
    static void stop() {
        service.close();
        shop.close();
        outside.close();
    }

    @Test
    void erasesItsOrder() {
        shop.send(ShopFloor.PARCELS, "erased", shop.bytes(shop.parcel("erased").build()));
        shop.awaitAllHandled();

        stray(ShopFloor.RESOLUTIONS, "erased", ShopFloor.key("erased"), null, new RecordHeaders());
        shop.awaitAllHandled();
        assertThat(shop.records(ShopFloor.CASES))
                .filteredOn(record -> record.value() == null)
                .extracting(record -> new String(record.key(), UTF_8))
                .containsExactly(ShopFloor.key("erased"));

        // Nobody knows any more that its parcel left.
        shop.send(shop.refund("erased").build());
        shop.awaitAllHandled();
        assertThat(shop.locks()).extracting(WarehouseLockCommand::getCommandId).contains(ShopFloor.lockId("erased", 1));
        assertThat(shop.intercepts())
                .extracting(InterceptShipmentCommand::getOrderId)
                .doesNotContain("erased");
    }

    @Test
    void isPassedOverWithoutAValue() {
        for (int partition = 0; partition < PARTITIONS; partition++) {
            shop.send(ShopFloor.SCANS, partition, ShopFloor.key("none"), null);
        }
        shop.awaitAllHandled();

        assertThat(ShopFloor.countedByTopic(service, "ordersync_passed_over_total"))
                .containsExactly(Map.entry(shop.named(ShopFloor.SCANS), PARTITIONS));
        assertThat(ShopFloor.countedByTopic(service, "ordersync_strays_total"))
                .doesNotContainKey(shop.named(ShopFloor.SCANS));
    }

    @Test
    void isADeadLetterWhereItWasReadIfItCantBeRead() {
        byte[] value = {1, 2, 3, 4, 5, 6};
        RecordMetadata sent = stray(
                ShopFloor.PARCELS, "unreadable", "unreadable", value, new RecordHeaders().add("trace", bytes("abc")));
        shop.awaitAllHandled();

        assertThat(lettersWith(value)).singleElement().satisfies(letter -> {
            assertOrigin(letter, sent, "UNREADABLE");
            assertThat(letter.key()).asString(UTF_8).isEqualTo("unreadable");
            assertThat(texts(letter.headers(), "trace")).containsExactly("abc");
        });
    }

    @Test
    void isADeadLetterAsItCameIfItsOrderCantTakeIt() {
        for (int number = 1; number <= MOST_REFUNDS; number++) {
            shop.send(ShopFloor.REFUNDS, null, refund(number));
        }
        shop.awaitAllHandled();
        // A header of the service's own name is its producer's affair.
        Headers headers = new RecordHeaders()
                .add("trace", bytes("abc"))
                .add("order-sync-stray", bytes("theirs"))
                .add("trace", bytes("def"));
        RecordMetadata keyed = stray(ShopFloor.REFUNDS, "full", "R-another", refund(MOST_REFUNDS + 1), headers);
        RecordMetadata keyless = stray(ShopFloor.REFUNDS, "full", null, refund(MOST_REFUNDS + 2), new RecordHeaders());
        shop.awaitAllHandled();

        assertThat(lettersWith(refund(MOST_REFUNDS + 1))).singleElement().satisfies(letter -> {
            assertOrigin(letter, keyed, "TOO_MANY");
            assertThat(letter.key()).asString(UTF_8).isEqualTo("R-another");
            assertThat(texts(letter.headers(), "trace")).containsExactly("abc", "def");
            assertThat(texts(letter.headers(), "order-sync-stray")).containsExactly("theirs");
        });
        assertThat(lettersWith(refund(MOST_REFUNDS + 2))).singleElement().satisfies(letter -> {
            assertOrigin(letter, keyless, "TOO_MANY");
            assertThat(letter.key()).isNull();
            assertThat(texts(letter.headers(), "order-sync-stray")).isEmpty();
        });
    }

    @Test
    void isEvidenceFromWhereItCame() {
        RecordMetadata refund = stray(
                ShopFloor.REFUNDS,
                "raced",
                null,
                shop.bytes(shop.refund("raced").build()),
                new RecordHeaders());
        RecordMetadata parcel = stray(
                ShopFloor.PARCELS, "raced", "S", shop.bytes(shop.parcel("raced").build()), new RecordHeaders());
        shop.awaitAllHandled();

        OrderCase raced = shop.cases().stream()
                .filter(orderCase -> orderCase.getOrderId().equals("raced"))
                .reduce((earlier, later) -> later)
                .orElseThrow();
        assertThat(raced.getEvidence())
                .filteredOn(evidence -> evidence.getTopic() != null)
                .extracting(Evidence::getKind, Evidence::getTopic, Evidence::getPartition, Evidence::getOffset)
                .containsExactlyInAnyOrder(
                        tuple("REFUND", refund.topic(), refund.partition(), refund.offset()),
                        tuple("SHIPMENT", parcel.topic(), parcel.partition(), parcel.offset()));
    }

    @Test
    void isNotTakenFromOthersThanTheServiceItself() {
        byte[] value = shop.bytes(shop.refund("forged").build());
        shop.sendStray(0, bytes("forged"), value, new RecordHeaders());
        shop.sendStray(0, bytes("forged"), value, new RecordHeaders().add("order-sync-stray", bytes("me")));
        shop.send(shop.refund("honest").build());
        shop.awaitAllHandled();

        assertThat(lettersWith(value)).hasSize(2).allSatisfy(letter -> {
            assertThat(texts(letter.headers(), DeadLetter.TOPIC)).containsExactly(shop.applicationId() + "-strays");
            assertThat(texts(letter.headers(), DeadLetter.REASON)).containsExactly("UNREADABLE");
        });
        assertThat(shop.locks())
                .extracting(WarehouseLockCommand::getOrderId)
                .contains("honest")
                .doesNotContain("forged");
    }

    @Test
    void mayBeAsLargeAsTopicsTakeByDefault() {
        String id = "x".repeat(1_048_000);
        byte[] value = shop.bytes(shop.refund("large").setEventId(id).build());
        stray(ShopFloor.REFUNDS, "large", null, value, new RecordHeaders());
        shop.awaitAllHandled();

        assertThat(shop.locks()).extracting(WarehouseLockCommand::getOrderId).containsOnlyOnce("large");
    }

    /** To a partition where its order is not. */
    private static RecordMetadata stray(
            String topic, String order, @Nullable String key, byte @Nullable [] value, Headers headers) {
        int away = IntStream.range(0, shop.count(topic))
                .filter(partition -> partition != ShopFloor.home(order, PARTITIONS))
                .findFirst()
                .orElseThrow();
        return shop.put(topic, away, key, value, headers);
    }

    private static byte[] refund(int number) {
        return shop.bytes(shop.refund("full")
                .setEventId("event " + number)
                .setRefundId("R-" + number)
                .setLines(List.of(new RefundLine("A", "SKU-A", 1, 300, null, null, "W1", null)))
                .build());
    }

    private static List<ConsumerRecord<byte[], byte[]>> lettersWith(byte[] value) {
        return shop.records(ShopFloor.DEAD_LETTERS).stream()
                .filter(letter -> Arrays.equals(letter.value(), value))
                .toList();
    }

    private static void assertOrigin(ConsumerRecord<byte[], byte[]> letter, RecordMetadata sent, String reason) {
        assertThat(texts(letter.headers(), DeadLetter.TOPIC)).containsExactly(sent.topic());
        assertThat(texts(letter.headers(), DeadLetter.PARTITION)).containsExactly(String.valueOf(sent.partition()));
        assertThat(texts(letter.headers(), DeadLetter.OFFSET)).containsExactly(String.valueOf(sent.offset()));
        assertThat(texts(letter.headers(), DeadLetter.REASON)).containsExactly(reason);
    }

    private static List<String> texts(Headers headers, String name) {
        return Arrays.stream(headers.toArray())
                .filter(header -> header.key().equals(name))
                .map(Header::value)
                .map(value -> new String(value, UTF_8))
                .toList();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }
}
