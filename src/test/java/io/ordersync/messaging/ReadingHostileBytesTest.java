package io.ordersync.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.ordersync.domain.Arrival;
import io.ordersync.domain.Rejection;
import io.ordersync.wire.RegistryStub;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.avro.Schema;
import org.apache.avro.io.BinaryEncoder;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ReadingHostileBytesTest {

    private static final byte[] REFUND = Wire.bytes(Wire.refund().build());
    private static final byte[] SHIPMENT = Wire.bytes(Wire.shipment().build());

    private RegistryStub registry;
    private SchemaRegistry client;
    private FactReader reader;

    @BeforeAll
    void start() throws IOException {
        registry = new RegistryStub();
        registry.has(Wire.REFUND_ID, io.ordersync.contract.RefundApproved.SCHEMA$);
        registry.has(Wire.SHIPMENT_ID, io.ordersync.contract.ShipmentCreated.SCHEMA$);
        client = Wire.client(registry);
        reader = new FactReader(client, Wire.TOPICS);
    }

    @AfterAll
    void stop() {
        client.close();
        registry.close();
    }

    @DisplayName("81: a value shorter than its header is unreadable")
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 4})
    void rejectsAValueShorterThanItsHeader(int length) {
        assertUnreadable(Arrays.copyOf(REFUND, length), "the value is shorter than its header");
    }

    @DisplayName("81: magic byte 1 is unreadable")
    @Test
    void rejectsAnotherMagicByte() {
        byte[] value = REFUND.clone();
        value[0] = 1;

        assertUnreadable(value, "the value does not begin with byte 0");
    }

    @DisplayName("81: an unknown id with the registry up is an unknown schema")
    @Test
    void rejectsAnIdTheRegistryDoesNotKnow() {
        byte[] value = ByteBuffer.wrap(REFUND.clone()).putInt(1, 404).array();

        assertThat(catchThrowable(() -> read(value)))
                .isInstanceOfSatisfying(
                        Rejection.class,
                        rejection -> assertThat(rejection.reason()).isEqualTo(Rejection.Reason.UNKNOWN_SCHEMA))
                .hasMessage("the registry knows no schema 404");
    }

    @DisplayName("81: a body truncated anywhere is unreadable, and the next record is handled")
    @Test
    void rejectsABodyThatEndsEarlyWhereverItEnds() {
        for (int length = 5; length < REFUND.length; length++) {
            assertUnreadable(Arrays.copyOf(REFUND, length), "the body is not Avro of the schema it names");
        }
        assertThat(read(REFUND)).isInstanceOf(Arrival.class);
    }

    @Test
    void rejectsBytesLeftOverAfterTheBody() {
        assertUnreadable(Arrays.copyOf(REFUND, REFUND.length + 1), "bytes are left over after the body");
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, Long.MIN_VALUE, 1_000, Integer.MAX_VALUE - 9, Integer.MAX_VALUE, Long.MAX_VALUE})
    void allocatesNothingForATextThatSaysItIsLongerThanTheRecord(long length) {
        assertCheaplyUnreadable(Wire.frame(Wire.REFUND_ID, body -> body.writeLong(length)));
    }

    @ParameterizedTest
    @ValueSource(longs = {-5, Long.MIN_VALUE, 1_000, Integer.MAX_VALUE - 9, Integer.MAX_VALUE, Long.MAX_VALUE})
    void allocatesNothingForLinesThatSayTheyAreMoreThanTheRecordHolds(long lines) {
        assertCheaplyUnreadable(Wire.frame(Wire.REFUND_ID, body -> {
            headOfARefund(body);
            body.writeLong(lines);
        }));
    }

    @Test
    void rejectsASymbolThatItsOwnSchemaDoesNotHave() {
        assertCheaplyUnreadable(Wire.frame(Wire.REFUND_ID, body -> {
            for (String id : List.of("E1", "DOUYIN", "shop", "O1", "R1")) {
                body.writeString(id);
            }
            body.writeLong(1);
            body.writeEnum(99);
        }));
    }

    @Test
    void rejectsAFieldOfAnotherSchemaThatIsNestedWithoutEnd() {
        Schema endless = new Schema.Parser()
                .parse(io.ordersync.contract.RefundApproved.SCHEMA$
                        .toString()
                        .replace(
                                "\"fields\":[{\"name\":\"eventId\"",
                                "\"fields\":[{\"name\":\"more\",\"type\":[\"null\",{\"type\":\"record\",\"name\":\"More\","
                                        + "\"fields\":[{\"name\":\"more\",\"type\":[\"null\",\"More\"]}]}],\"default\":null},"
                                        + "{\"name\":\"eventId\""));
        registry.has(66, endless);

        assertUnreadable(
                Wire.frame(66, body -> {
                    for (int i = 0; i < 1_000_000; i++) {
                        body.writeIndex(1);
                    }
                }),
                "the body is nested too deep");
    }

    @DisplayName("81: random bytes are rejected, with a valid header before them or without")
    @Test
    void rejectsRandomBytes() {
        Random random = new Random(81);
        for (int i = 0; i < 5_000; i++) {
            byte[] value = new byte[random.nextInt(200)];
            random.nextBytes(value);
            if (random.nextBoolean() && value.length > 5) {
                System.arraycopy(REFUND, 0, value, 0, 5);
            }
            assertThat(catchThrowable(() -> read(value))).isInstanceOf(Rejection.class);
        }
    }

    @Test
    void makesOfEveryMutantAnArrivalOrARejection() {
        Random random = new Random(20261122);
        Map<Rejection.Reason, Integer> reasons = new EnumMap<>(Rejection.Reason.class);
        int arrivals = 0;
        for (int i = 0; i < 20_000; i++) {
            boolean refund = random.nextBoolean();
            byte[] mutant = mutate(refund ? REFUND : SHIPMENT, random);
            try {
                assertThat(reader.read(refund ? "refund-approved" : "shipment-created", 0, i, mutant))
                        .isNotNull();
                arrivals++;
            } catch (Rejection rejection) {
                reasons.merge(rejection.reason(), 1, Integer::sum);
            }
        }
        assertThat(arrivals).isPositive();
        assertThat(reasons)
                .containsOnlyKeys(
                        Rejection.Reason.UNREADABLE, Rejection.Reason.UNKNOWN_SCHEMA, Rejection.Reason.INVALID_FIELD);
    }

    /** One to four changes of the body, now and then of the header: a bit, a byte, a run cut out, put in or doubled. */
    private static byte[] mutate(byte[] valid, Random random) {
        byte[] mutant = valid.clone();
        for (int change = random.nextInt(4); change >= 0 && mutant.length > 6; change--) {
            int at = random.nextInt(50) == 0 ? random.nextInt(5) : 5 + random.nextInt(mutant.length - 5);
            int run = Math.min(1 + random.nextInt(8), mutant.length - at);
            switch (random.nextInt(5)) {
                case 0 -> mutant[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> mutant[at] = (byte) random.nextInt(256);
                case 2 -> Arrays.fill(mutant, at, at + run, (byte) 0xff);
                case 3 -> mutant = join(Arrays.copyOf(mutant, at), Arrays.copyOfRange(mutant, at + run, mutant.length));
                default ->
                    mutant = join(Arrays.copyOf(mutant, at + run), Arrays.copyOfRange(mutant, at, mutant.length));
            }
        }
        return mutant;
    }

    private static byte[] join(byte[] head, byte[] tail) {
        return ByteBuffer.allocate(head.length + tail.length)
                .put(head)
                .put(tail)
                .array();
    }

    private static void headOfARefund(BinaryEncoder body) throws IOException {
        for (String id : List.of("E1", "DOUYIN", "shop", "O1", "R1")) {
            body.writeString(id);
        }
        body.writeLong(1);
        body.writeEnum(1);
        body.writeEnum(1);
        body.writeBoolean(false);
        body.writeLong(100);
        body.writeString("CNY");
    }

    private Arrival read(byte[] value) {
        return reader.read("refund-approved", 0, 0, value);
    }

    private void assertUnreadable(byte[] value, String message) {
        assertThat(catchThrowable(() -> read(value)))
                .isInstanceOfSatisfying(
                        Rejection.class,
                        rejection -> assertThat(rejection.reason()).isEqualTo(Rejection.Reason.UNREADABLE))
                .hasMessage(message);
    }

    private void assertCheaplyUnreadable(byte[] value) {
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        assertUnreadable(value, "the body is not Avro of the schema it names");
        long before = threads.getCurrentThreadAllocatedBytes();
        Throwable unreadable = catchThrowable(() -> read(value));
        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(200_000);
        assertThat(unreadable).isInstanceOf(Rejection.class);
    }
}
