package io.ordersync;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ordersync.contract.InterceptShipmentCommand;
import io.ordersync.contract.OrderAlert;
import io.ordersync.contract.ShipmentCreated;
import io.ordersync.dev.Door;
import io.ordersync.process.Ports;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.kafka.common.utils.Utils;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.context.ConfigurableApplicationContext;

/** The service and a schema registry that no one here wrote: well, refusing, slow, hanging, gone and back. */
@Tag("interop")
@Timeout(180)
class RegistryInteropTest {

    private static final String FIELD = "boxColour";
    private static final String SHORT_PATIENCE = "--order-sync.schema-registry.properties.http.read.timeout.ms=500";

    @TempDir
    static Path registryDirectory;

    private static Apicurio registry;
    private static Outside outside;

    @TempDir
    Path stateDirectory;

    @BeforeAll
    static void start() {
        registry = new Apicurio(registryDirectory);
        registry.start();
        registry.compatibility("FULL_TRANSITIVE");
        outside = new Outside(registry.url());
    }

    @AfterAll
    static void stop() {
        outside.close();
        registry.close();
    }

    @AfterEach
    void bringTheRegistryBack() {
        if (!registry.answers()) {
            registry.stop();
            registry.start();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"v7", "v8"})
    void registersItsSchemasAndLooksThemUpWhenItMayNotRegister(String api) {
        try (ShopFloor shop = outside.shopFloor(1)) {
            assertThatThrownBy(() -> shop.start(
                            registry.url(api),
                            stateDirectory,
                            "--order-sync.schema-registry.properties.auto.register.schemas=false"))
                    .hasStackTraceContaining("the schema registry refuses the schema of " + shop.prefix);

            try (ConfigurableApplicationContext service = shop.start(registry.url(api), stateDirectory)) {
                findsARace(service, shop, "O1");
            }
            assertThat(registry.schema(registry.latest(shop.prefix + "order-alerts-value")
                            .get("id")
                            .intValue()))
                    .isEqualTo(NewerSchema.released(OrderAlert.class));

            try (ConfigurableApplicationContext service = shop.start(
                    registry.url(api),
                    stateDirectory,
                    "--order-sync.schema-registry.properties.auto.register.schemas=false")) {
                findsARace(service, shop, "O2");
            }
            assertThat(idsOn(shop, ShopFloor.ALERTS))
                    .hasSize(2)
                    .containsOnly(registry.latest(shop.prefix + "order-alerts-value")
                            .get("id")
                            .intValue());
        }
    }

    @Test
    void oldAndNewReadEachOtherWhenASchemaGrows() throws IOException {
        try (ShopFloor shop = outside.shopFloor(1);
                ConfigurableApplicationContext service = shop.start(registry.url(), stateDirectory)) {
            findsARace(service, shop, "O1");
            Schema newer = NewerSchema.of(ShipmentCreated.class, FIELD);

            // A producer of tomorrow: the service reads on.
            shop.send(shop.refund("O2").build());
            shop.send(ShopFloor.PARCELS, "O2", newer(shop, shop.parcel("O2").build(), newer));
            shop.awaitAllHandled();
            assertThat(interceptIds(shop))
                    .containsExactly(ShopFloor.interceptId("O1", 1), ShopFloor.interceptId("O2", 1));
            assertThat(registry.latest(shop.prefix + "shipment-created-value")
                            .get("version")
                            .intValue())
                    .isEqualTo(2);

            // A reader of tomorrow reads what was written yesterday, and takes the default.
            byte[] yesterday = shop.bytes(shop.parcel("O1").build());
            GenericRecord read = new GenericDatumReader<GenericRecord>(registry.schema(idIn(yesterday)), newer)
                    .read(null, DecoderFactory.get().binaryDecoder(yesterday, 5, yesterday.length - 5, null));
            assertThat(read.get(FIELD)).hasToString("not told");
            assertThat(read.get("orderId")).hasToString("O1");
        }
    }

    /** It registers its own again, which is no longer the latest: the id must be the former one. */
    @Test
    void keepsTheIdsOfItsSchemasWhenSomeoneRegistersANewerOne() {
        try (ShopFloor shop = outside.shopFloor(1)) {
            try (ConfigurableApplicationContext service = shop.start(registry.url(), stateDirectory)) {
                findsARace(service, shop, "O1");
            }
            int newer =
                    registry.register(shop.prefix + "order-alerts-value", NewerSchema.of(OrderAlert.class, "shelf"));
            try (ConfigurableApplicationContext service = shop.start(registry.url(), stateDirectory)) {
                findsARace(service, shop, "O2");
            }

            List<Integer> ids = idsOn(shop, ShopFloor.ALERTS);
            assertThat(ids).hasSize(2).doesNotContain(newer);
            assertThat(ids.getFirst()).isEqualTo(ids.getLast());
        }
    }

    @Test
    void doesNotStartWhenTheRegistryRefusesASchemaAndSaysWhich() {
        try (ShopFloor shop = outside.shopFloor(1)) {
            registry.register(
                    shop.prefix + "order-alerts-value",
                    SchemaBuilder.record("io.ordersync.contract.OrderAlert")
                            .fields()
                            .requiredInt("shelf")
                            .endRecord());

            assertThatThrownBy(() -> shop.start(registry.url(), stateDirectory))
                    .hasStackTraceContaining(
                            "the schema registry refuses the schema of " + shop.prefix + "order-alerts-value: ")
                    .hasStackTraceContaining("Incompatible artifact");
        }
    }

    @Test
    void worksOnWhenTheRegistryStartedAnew() {
        try (ShopFloor shop = outside.shopFloor(1);
                ConfigurableApplicationContext service = shop.start(registry.url(), stateDirectory)) {
            findsARace(service, shop, "O1");
            int before = registry.latest(shop.prefix + "order-alerts-value")
                    .get("id")
                    .intValue();

            registry.stop();
            registry.start();

            assertThat(registry.latest(shop.prefix + "order-alerts-value")
                            .get("id")
                            .intValue())
                    .isEqualTo(before);
            findsARace(service, shop, "O2");
            shop.send(shop.refund("O3").build());
            shop.send(ShopFloor.PARCELS, "O3", newer(shop, shop.parcel("O3").build()));
            shop.awaitAllHandled();
            assertThat(interceptIds(shop)).hasSize(3);
            assertThat(shop.deadLetters()).isEmpty();
        }
    }

    /** Five seconds each, within the time that is allowed and beyond it. */
    @ParameterizedTest
    @ValueSource(ints = {10_000, 500})
    void bearsASlowRegistry(int readTimeoutMs) {
        try (ShopFloor shop = outside.shopFloor(1);
                Door door = new Door(registry.url());
                ConfigurableApplicationContext service = shop.start(
                        door.url(),
                        stateDirectory,
                        "--order-sync.schema-registry.properties.http.read.timeout.ms=" + readTimeoutMs)) {
            byte[] newer = newer(shop, shop.parcel("O1").build());
            door.delay(Duration.ofSeconds(5));
            shop.send(shop.refund("O1").build());
            shop.send(ShopFloor.PARCELS, "O1", newer);

            if (readTimeoutMs == 500) {
                ShopFloor.await()
                        .until(() ->
                                Health.of(service).status("/schemaRegistry").equals("OUT_OF_SERVICE"));
                assertThat(Health.of(service).status("/liveness")).isEqualTo("UP");
                door.delay(Duration.ZERO);
            }
            shop.awaitAllHandled();
            assertThat(interceptIds(shop)).containsExactly(ShopFloor.interceptId("O1", 1));
            assertThat(shop.deadLetters()).isEmpty();
            assertThat(Health.of(service).status("/schemaRegistry")).isEqualTo("UP");
        }
    }

    @Test
    void bearsARegistryThatTakesConnectionsAndAnswersNone() {
        try (ShopFloor shop = outside.shopFloor(1);
                ConfigurableApplicationContext service = shop.start(registry.url(), stateDirectory, SHORT_PATIENCE)) {
            findsARace(service, shop, "O1");
            byte[] newer = newer(shop, shop.parcel("O2").build());
            registry.hang();
            try {
                shop.send(shop.refund("O2").build());
                shop.send(ShopFloor.PARCELS, "O2", newer);
                ShopFloor.await()
                        .until(() ->
                                Health.of(service).status("/schemaRegistry").equals("OUT_OF_SERVICE"));
            } finally {
                registry.goOn();
            }
            shop.awaitAllHandled();
            assertThat(interceptIds(shop)).hasSize(2);
            assertThat(shop.deadLetters()).isEmpty();
        }
    }

    @Test
    void startsWithoutTheRegistrySaysSoAndBeginsWhenItIsThere() throws Exception {
        registry.stop();
        String port = String.valueOf(Ports.free());
        var health = new Health(port);
        try (ShopFloor shop = outside.shopFloor(1);
                var starter = Executors.newVirtualThreadPerTaskExecutor()) {
            var starting = starter.submit(() -> shop.start(registry.url(), stateDirectory, "--server.port=" + port));
            try {
                ShopFloor.await().until(() -> health.status("/schemaRegistry").equals("OUT_OF_SERVICE"));
                assertThat(health.answer("/schemaRegistry")
                                .at("/details/waitingSince")
                                .asString(""))
                        .isNotEmpty();
                assertThat(health.status("/liveness")).isEqualTo("UP");
                assertThat(health.status("/readiness")).isNotEqualTo("UP");
            } finally {
                // Who starts would else wait for good.
                registry.start();
            }
            try (ConfigurableApplicationContext service = starting.get()) {
                ShopFloor.await().until(() -> health.status("/readiness").equals("UP"));
                assertThat(health.status("/schemaRegistry")).isEqualTo("UP");
                findsARace(service, shop, "O1");
            }
        }
    }

    /** SCENARIOS 87. */
    @Test
    void doesNotNoticeThatTheRegistryIsGoneWhileItKnowsTheSchemas() {
        try (ShopFloor shop = outside.shopFloor(1);
                ConfigurableApplicationContext service = shop.start(registry.url(), stateDirectory)) {
            findsARace(service, shop, "O1");
            registry.stop();

            findsARace(service, shop, "O2");
            assertThat(Health.of(service).status("")).isEqualTo("UP");
            assertThat(Health.of(service).status("/schemaRegistry")).isEqualTo("UP");
            assertThat(shop.deadLetters()).isEmpty();
        }
    }

    /** SCENARIOS 88. */
    @Test
    void onlyThePartitionWithAnUnknownSchemaWaitsForTheRegistry() {
        try (ShopFloor shop = outside.shopFloor(2);
                ConfigurableApplicationContext service = shop.start(registry.url(), stateDirectory)) {
            List<String> waiting = ordersOf(0, 2);
            List<String> others = ordersOf(1, 3);
            findsARace(service, shop, waiting.get(0));
            findsARace(service, shop, others.get(0));
            byte[] newer = newer(shop, shop.parcel(waiting.get(1)).build());
            registry.stop();

            shop.send(shop.refund(waiting.get(1)).build());
            shop.send(ShopFloor.PARCELS, waiting.get(1), newer);
            ShopFloor.await()
                    .until(() -> Health.of(service).status("/schemaRegistry").equals("OUT_OF_SERVICE"));
            for (String other : others.subList(1, 3)) {
                shop.send(shop.refund(other).build());
                shop.send(shop.parcel(other).build());
                ShopFloor.await().until(() -> interceptIds(shop).contains(ShopFloor.interceptId(other, 1)));
            }
            assertThat(Health.of(service).status("/liveness")).isEqualTo("UP");
            assertThat(interceptIds(shop)).doesNotContain(ShopFloor.interceptId(waiting.get(1), 1));

            registry.start();
            shop.awaitAllHandled();
            assertThat(interceptIds(shop)).hasSize(5).contains(ShopFloor.interceptId(waiting.get(1), 1));
            assertThat(Health.of(service).status("/schemaRegistry")).isEqualTo("UP");
            assertThat(shop.deadLetters()).isEmpty();
        }
    }

    /** SCENARIOS 81. */
    @Test
    void idThatTheRegistryDoesNotKnowIsADeadLetter() {
        try (ShopFloor shop = outside.shopFloor(1);
                ConfigurableApplicationContext service = shop.start(registry.url(), stateDirectory)) {
            byte[] unknown = ByteBuffer.wrap(shop.bytes(shop.refund("O1").build()))
                    .putInt(1, 987_654)
                    .array();
            shop.send(ShopFloor.REFUNDS, "O1", unknown);
            findsARace(service, shop, "O2");
            shop.awaitAllHandled();

            assertThat(shop.deadLetters())
                    .containsExactly("UNKNOWN_SCHEMA " + HexFormat.of().formatHex(unknown));
        }
    }

    private static void findsARace(ConfigurableApplicationContext service, ShopFloor shop, String order) {
        shop.send(shop.refund(order).build());
        shop.send(shop.parcel(order).build());
        shop.awaitAllHandled();
        assertThat(interceptIds(shop)).containsOnlyOnce(ShopFloor.interceptId(order, 1));
        assertThat(Health.of(service).status("/readiness")).isEqualTo("UP");
    }

    private static List<String> interceptIds(ShopFloor shop) {
        return shop.intercepts().stream()
                .map(InterceptShipmentCommand::getCommandId)
                .toList();
    }

    private static byte[] newer(ShopFloor shop, ShipmentCreated parcel) {
        return newer(shop, parcel, NewerSchema.of(ShipmentCreated.class, FIELD));
    }

    /** With a schema that is registered by that, and that the service has not met. */
    private static byte[] newer(ShopFloor shop, SpecificRecordBase event, Schema newer) {
        return outside.encoder.encode(
                shop.prefix + ShopFloor.topic(event), NewerSchema.of(event, newer, FIELD, "brown"));
    }

    private static List<Integer> idsOn(ShopFloor shop, String topic) {
        return shop.records(topic).stream().map(record -> idIn(record.value())).toList();
    }

    private static int idIn(byte[] value) {
        return ByteBuffer.wrap(value).getInt(1);
    }

    /** Orders that a producer puts on the first or the second of two partitions. */
    private static List<String> ordersOf(int partition, int count) {
        return IntStream.iterate(0, number -> number + 1)
                .mapToObj(number -> "O" + number)
                .filter(order -> Utils.toPositive(Utils.murmur2(order.getBytes(UTF_8))) % 2 == partition)
                .limit(count)
                .toList();
    }
}
