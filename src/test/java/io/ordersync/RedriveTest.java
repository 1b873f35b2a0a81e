package io.ordersync;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.ordersync.contract.RefundApproved;
import io.ordersync.dev.DevRegistry;
import io.ordersync.dev.WireEncoder;
import io.ordersync.process.ChildJvm;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.ConfigurableApplicationContext;

/** What died is sent again by a command, and does what it should have done. */
@Tag("broker")
class RedriveTest {

    private static Outside outside;

    @TempDir
    Path stateDirectory;

    @BeforeAll
    static void start() {
        outside = new Outside();
    }

    @AfterAll
    static void stop() {
        outside.close();
    }

    /** A producer wrote with a schema that came to the registry later. */
    @Test
    void aRefundWhoseSchemaCameLaterCatchesItsParcel() {
        try (ShopFloor shop = outside.shopFloor(2);
                ConfigurableApplicationContext service = shop.start(stateDirectory);
                DevRegistry theirs = new DevRegistry(0)) {
            // What it is written with has its id before.
            byte[] parcel = shop.bytes(shop.parcel("O1").build());
            GenericRecord refund = newer(shop.refund("O1").build());
            int id = nextId();
            byte[] value = new WireEncoder(theirs.url()).encode(shop.prefix + ShopFloor.REFUNDS, refund);
            ByteBuffer.wrap(value).putInt(1, id);
            shop.put(
                    ShopFloor.REFUNDS,
                    ShopFloor.home("O1", 2),
                    ShopFloor.key("O1"),
                    value,
                    new RecordHeaders().add("trace", new byte[] {1}));
            shop.send(ShopFloor.PARCELS, ShopFloor.key("O2"), "no Avro".getBytes(UTF_8));
            shop.send(ShopFloor.PARCELS, ShopFloor.key("O1"), parcel);
            shop.awaitAllHandled();
            assertThat(shop.deadLetters()).hasSize(2);
            assertThat(shop.intercepts()).isEmpty();

            assertThat(redrive(shop, 0))
                    .contains("UNKNOWN_SCHEMA")
                    .contains("2 would be sent again with --from-beginning --send, 0 left")
                    .doesNotContain("SF1234567890");
            assertThat(redrive(shop, 0)).as("nothing was sent").contains("2 would be sent");

            byte[] mended = outside.encoder.encode(shop.prefix + ShopFloor.REFUNDS, refund);
            assertThat(mended).as("the schema has that id now").isEqualTo(value);
            assertThat(redrive(
                            shop,
                            0,
                            "--from-beginning",
                            "--send",
                            "--reason=unknown_schema",
                            "--topic=" + shop.named(ShopFloor.REFUNDS)))
                    .contains("1 sent again, 1 left");

            ShopFloor.await().until(() -> shop.intercepts().size() == 1);
            ConsumerRecord<byte[], byte[]> again = shop.committedRecords(shop.named(ShopFloor.REFUNDS)).stream()
                    .filter(record -> record.value() != null && Arrays.equals(record.value(), value))
                    .toList()
                    .getLast();
            assertThat(again.key()).asString(UTF_8).isEqualTo(ShopFloor.key("O1"));
            assertThat(again.partition()).isEqualTo(ShopFloor.home("O1", 2));
            assertThat(again.headers()).extracting(Header::key).containsExactly("trace");
            assertThat(service.isActive()).isTrue();
        }
    }

    /** Whoever runs it again sends what is new, and what can't be taken in dies anew. */
    @Test
    void whatWasSentIsNotSentByTheNextRun() {
        try (ShopFloor shop = outside.shopFloor(1);
                ConfigurableApplicationContext service = shop.start(stateDirectory)) {
            shop.send(ShopFloor.REFUNDS, ShopFloor.key("O1"), "no Avro".getBytes(UTF_8));
            ShopFloor.await().until(() -> shop.deadLetters().size() == 1);

            assertThat(redrive(shop, 1, "--send"))
                    .as("nobody knows what was sent before")
                    .contains("--from-beginning is 'not given': it is needed");
            assertThat(redrive(shop, 0, "--from-beginning", "--send")).contains("1 sent again, 0 left");
            ShopFloor.await().until(() -> shop.deadLetters().size() == 2);

            assertThat(redrive(shop, 0)).as("the one that died anew").contains("1 would be sent again with --send");
            assertThat(redrive(shop, 0, "--from-beginning"))
                    .contains("1 would be sent again with --from-beginning --send, 0 left, copies of these: 1");
            assertThat(service.isActive()).isTrue();
        }
    }

    @Test
    void refusesWhatItDoesNotKnow() {
        try (ShopFloor shop = outside.shopFloor(1)) {
            assertThat(redrive(shop, 1, "--sent"))
                    .contains("--reason=…, --topic=…, --from-beginning or --send is needed");
            assertThat(redrive(shop, 1, "--send=false")).contains("--send is 'false': it takes no value");
            assertThat(redrive(shop, 1, "--send", "--topic=" + ShopFloor.REFUNDS))
                    .contains("--topic is 'refund-approved': one of [" + shop.prefix);
        }
    }

    private static String redrive(ShopFloor shop, int code, String... options) {
        try (ChildJvm command = shop.startCommand("redrive", options)) {
            assertThat(command.awaitExit(Duration.ofMinutes(1)))
                    .as(command.said())
                    .isEqualTo(code);
            return command.said();
        }
    }

    private static GenericRecord newer(SpecificRecordBase event) {
        return NewerSchema.of(event, NewerSchema.of(RefundApproved.class, "mood"), "mood", "patient");
    }

    /** That the registry will give next. */
    private static int nextId() {
        Schema scratch = SchemaBuilder.record("Scratch").fields().endRecord();
        return ByteBuffer.wrap(outside.encoder.encode("scratch", new GenericData.Record(scratch)))
                        .getInt(1)
                + 1;
    }
}
