package io.ordersync;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.ordersync.contract.AlertCode;
import io.ordersync.contract.AlertState;
import io.ordersync.contract.InterceptShipmentCommand;
import io.ordersync.contract.OrderAlert;
import io.ordersync.contract.OrderCase;
import io.ordersync.contract.RefundClosed;
import io.ordersync.contract.RefundKind;
import io.ordersync.contract.RefundOutcome;
import io.ordersync.contract.ShipmentVoided;
import io.ordersync.contract.WarehouseLockCommand;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.context.ConfigurableApplicationContext;

/** Whoever produces the events, with whatever key and to whichever partition: each finds its order, and counts once. */
@Tag("broker")
class AnyProducerTest {

    private static final long SEED = 20_261_122;
    /** Of each cell; the first ones are races. */
    private static final int ORDERS = 20;

    private static final int RACES = 8;
    /** Kafka's own producer stays with a partition for a batch, if there is no key. */
    private static final int BATCH = 16;

    /** Who chooses the partition. */
    private enum Producer {
        JAVA,
        LIBRDKAFKA,
        KAFKAJS,
        ROUND_ROBIN,
        ALL_TO_THE_FIRST,
        RANDOM
    }

    private enum Key {
        OF_ITS_ORDER,
        NONE,
        /** The id of the refund, the parcel or the command. */
        FOREIGN,
        OF_ANOTHER_ORDER
    }

    private record Cell(Producer producer, Key key) {

        String order(int number) {
            return (producer + "-" + key + "-").toLowerCase(Locale.ROOT) + number;
        }
    }

    private record Event(Cell cell, String order, @Nullable String key, SpecificRecordBase value) {}

    private static Outside outside;

    @TempDir
    Path stateDirectory;

    private final Random random = new Random(SEED);
    private final Map<String, Integer> turns = new HashMap<>();
    private final Map<String, Integer> strays = new TreeMap<>();
    private final Map<Cell, Integer> straysOf = new HashMap<>();

    @BeforeAll
    static void start() {
        outside = new Outside();
    }

    @AfterAll
    static void stop() {
        outside.close();
    }

    /**
     * Every producer, with every key, at once.
     *
     * @param counts of the partitions of the inputs, in turn
     * @param partitions over how many the orders are spread; 0: not configured, as many as the widest input has
     */
    @ParameterizedTest
    @CsvSource({"1, 0", "6, 0", "3/6/12, 0", "3/6/12, 4", "2/3/4, 12"})
    void isUnderstood(String counts, int partitions) {
        int[] all = Arrays.stream(counts.split("/")).mapToInt(Integer::parseInt).toArray();
        int spread = partitions == 0 ? Arrays.stream(all).max().orElseThrow() : partitions;
        Map<String, Integer> inputs = new HashMap<>();
        for (String topic : ShopFloor.INPUTS) {
            inputs.put(topic, all[inputs.size() % all.length]);
        }
        List<Cell> cells = Stream.of(Producer.values())
                .flatMap(producer -> Stream.of(Key.values()).map(key -> new Cell(producer, key)))
                .toList();
        String[] setting = partitions == 0 ? new String[0] : new String[] {"--order-sync.partitions=" + partitions};
        try (ShopFloor shop = outside.shopFloor(inputs);
                ConfigurableApplicationContext service = shop.start(stateDirectory, setting)) {
            List<Event> events = new ArrayList<>();
            cells.forEach(cell -> addEvents(shop, cell, events));
            Collections.shuffle(events, random);
            events.forEach(event -> send(shop, event, inputs, spread));
            shop.awaitAllHandled();

            print(shop, counts, spread, cells);
            assertRaces(shop, cells);
            assertLocks(shop, cells);
            assertThat(shop.deadLetters()).isEmpty();
            assertThat(ShopFloor.countedByTopic(service, "ordersync_strays_total"))
                    .isEqualTo(strays);
            // Else it would be shown of nobody but those who are at home anyway.
            assertThat(strays.isEmpty()).isEqualTo(spread == 1);
        }
    }

    // ------------------------------------------------------------------------------------------------ what is sent

    private void addEvents(ShopFloor shop, Cell cell, List<Event> events) {
        for (int number = 0; number < ORDERS; number++) {
            String order = cell.order(number);
            String another = cell.order((number + 1) % ORDERS);
            for (SpecificRecordBase value : values(shop, order, number)) {
                events.add(new Event(cell, order, key(cell.key(), order, another, value), value));
            }
        }
    }

    private static List<SpecificRecordBase> values(ShopFloor shop, String order, int number) {
        if (number < 4) {
            return List.of(shop.refund(order).build(), shop.parcel(order).build());
        }
        if (number < 6) {
            return List.of(
                    shop.parcel(order).build(), shop.refund(order).build(), shop.scan(order), shop.answer(order));
        }
        if (number < RACES) {
            // What is closed and voided is a version that nobody counts any more.
            return List.of(
                    shop.refund(order).setRefundVersion(2).build(),
                    shop.parcel(order).setShipmentVersion(2).build(),
                    close(shop, order),
                    voided(shop, order));
        }
        return switch (number % 3) {
            case 0 -> List.of(shop.refund(order).build());
            case 1 -> List.of(shop.parcel(order).build());
            default ->
                List.of(
                        shop.refund(order).setKind(RefundKind.RETURN_AND_REFUND).build(),
                        shop.parcel(order).build());
        };
    }

    private static boolean isLocked(int number) {
        return number >= RACES && number % 3 == 0;
    }

    private static int refundVersion(int number) {
        return number >= 6 && number < RACES ? 2 : 1;
    }

    private static @Nullable String key(Key key, String order, String another, SpecificRecordBase value) {
        return switch (key) {
            case OF_ITS_ORDER -> ShopFloor.key(order);
            case NONE -> null;
            case FOREIGN ->
                Stream.of("refundId", "shipmentId", "commandId")
                        .filter(name -> value.getSchema().getField(name) != null)
                        .map(name -> String.valueOf(value.get(name)))
                        .findFirst()
                        .orElseThrow();
            case OF_ANOTHER_ORDER -> ShopFloor.key(another);
        };
    }

    private void send(ShopFloor shop, Event event, Map<String, Integer> counts, int spread) {
        String topic = ShopFloor.topic(event.value());
        byte[] key = event.key() == null ? null : event.key().getBytes(UTF_8);
        int partition = partition(event.cell().producer(), key, topic, counts.getOrDefault(topic, 0));
        if (partition != ShopFloor.home(event.order(), spread)) {
            strays.merge(shop.named(topic), 1, Integer::sum);
            straysOf.merge(event.cell(), 1, Integer::sum);
        }
        shop.send(topic, partition, event.key(), shop.bytes(event.value()));
    }

    private int partition(Producer producer, byte @Nullable [] key, String topic, int count) {
        int turn = turns.merge(producer + topic, 1, Integer::sum);
        return switch (producer) {
            case JAVA -> key == null ? new Random(turn / BATCH).nextInt(count) : murmur2(key) % count;
            case LIBRDKAFKA -> key == null ? random.nextInt(count) : (int) (crc32(key) % count);
            case KAFKAJS -> key == null ? turn % count : murmur2(key) % count;
            case ROUND_ROBIN -> turn % count;
            case ALL_TO_THE_FIRST -> 0;
            case RANDOM -> random.nextInt(count);
        };
    }

    private static int murmur2(byte[] key) {
        return Utils.toPositive(Utils.murmur2(key));
    }

    private static long crc32(byte[] key) {
        CRC32 crc = new CRC32();
        crc.update(key);
        return crc.getValue();
    }

    private static RefundClosed close(ShopFloor shop, String order) {
        return RefundClosed.newBuilder()
                .setEventId("close event of " + order)
                .setPlatform("DOUYIN")
                .setShopId("shop-1")
                .setOrderId(order)
                .setRefundId("R-" + order)
                .setRefundVersion(1)
                .setOutcome(RefundOutcome.WITHDRAWN)
                .setClosedAt(shop.now.minus(Duration.ofHours(2)))
                .build();
    }

    private static ShipmentVoided voided(ShopFloor shop, String order) {
        return ShipmentVoided.newBuilder()
                .setEventId("void event of " + order)
                .setPlatform("DOUYIN")
                .setShopId("shop-1")
                .setOrderId(order)
                .setShipmentId("S-" + order)
                .setShipmentVersion(1)
                .setVoidedAt(shop.now.minus(Duration.ofHours(2)))
                .build();
    }

    // ------------------------------------------------------------------------------------------------ what came of it

    private static void assertRaces(ShopFloor shop, List<Cell> cells) {
        List<String> races = cells.stream().flatMap(AnyProducerTest::races).toList();
        assertThat(shop.intercepts())
                .extracting(InterceptShipmentCommand::getCommandId)
                .containsExactlyInAnyOrderElementsOf(races.stream()
                        .map(order -> ShopFloor.interceptId(order, 1))
                        .toList());
        assertThat(shop.cases().stream().map(OrderCase::getCaseId).distinct())
                .containsExactlyInAnyOrderElementsOf(
                        races.stream().map(order -> ShopFloor.id(order, "CASE")).toList());
        assertThat(shop.alerts())
                .allMatch(alert ->
                        alert.getCode() == AlertCode.REFUNDED_BUT_SHIPPED && alert.getState() == AlertState.FIRING);
        // An alert is told anew when what it says changes.
        assertThat(shop.alerts().stream().map(OrderAlert::getAlertId).distinct())
                .containsExactlyInAnyOrderElementsOf(races.stream()
                        .map(order -> ShopFloor.id(order, "ALERT|REFUNDED_BUT_SHIPPED|S-" + order))
                        .toList());
    }

    private static void assertLocks(ShopFloor shop, List<Cell> cells) {
        Set<String> needed = new HashSet<>();
        Set<String> possible = new HashSet<>();
        for (Cell cell : cells) {
            for (int number = 0; number < ORDERS; number++) {
                String id = ShopFloor.lockId(cell.order(number), refundVersion(number));
                if (isLocked(number)) {
                    needed.add(id);
                }
                // Of a race it depends on what was read first.
                if (isLocked(number) || number < RACES) {
                    possible.add(id);
                }
            }
        }
        assertThat(shop.locks())
                .extracting(WarehouseLockCommand::getCommandId)
                .doesNotHaveDuplicates()
                .containsAll(needed)
                .isSubsetOf(possible);
    }

    private static Stream<String> races(Cell cell) {
        return Stream.iterate(0, number -> number + 1).limit(RACES).map(cell::order);
    }

    private void print(ShopFloor shop, String counts, int spread, List<Cell> cells) {
        List<String> intercepted = shop.intercepts().stream()
                .map(InterceptShipmentCommand::getOrderId)
                .toList();
        List<String> locked =
                shop.locks().stream().map(WarehouseLockCommand::getOrderId).toList();
        System.out.printf(
                "%n%-16s  %-16s  %-16s  %13s  %8s  %6s%n",
                "inputs/spread", "producer", "key", "races found", "commands", "strays");
        for (Cell cell : cells) {
            long found = races(cell).filter(intercepted::contains).count();
            Set<String> orders = new HashSet<>();
            for (int number = 0; number < ORDERS; number++) {
                orders.add(cell.order(number));
            }
            long commands = Stream.concat(intercepted.stream(), locked.stream())
                    .filter(orders::contains)
                    .count();
            System.out.printf(
                    "%-16s  %-16s  %-16s  %8d of %d  %8d  %6d%n",
                    counts + " over " + spread,
                    cell.producer(),
                    cell.key(),
                    found,
                    RACES,
                    commands,
                    straysOf.getOrDefault(cell, 0));
        }
    }
}
