package io.ordersync.streams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.ordersync.domain.Arrival;
import io.ordersync.domain.CaseResolved;
import io.ordersync.domain.Decision;
import io.ordersync.domain.Fact;
import io.ordersync.domain.Fact.Source;
import io.ordersync.domain.Histories;
import io.ordersync.domain.OrderCase;
import io.ordersync.domain.OrderFacts;
import io.ordersync.domain.OrderKey;
import io.ordersync.domain.OrderRecord;
import io.ordersync.domain.ParcelStage;
import io.ordersync.domain.Policy;
import io.ordersync.domain.RefundApproved;
import io.ordersync.domain.Sent;
import io.ordersync.domain.ShipmentCreated;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class OrderRecordCodecTest {

    private static final OrderKey ORDER = new OrderKey("DOUYIN", "shop-1", "order-1");
    private static final byte[] KEY = StateRecords.KEY;
    private static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");

    /** A policy that lets everything be sent. */
    private static final Policy EAGER = new Policy(
            Duration.ofMinutes(5),
            Duration.ofDays(10),
            true,
            true,
            Set.of(),
            Map.of(),
            Map.of(),
            Map.of(),
            Duration.ofMinutes(15),
            null,
            Duration.ofMinutes(30),
            true,
            true,
            false,
            Duration.ofDays(45),
            Duration.ofDays(180));

    @Provide
    Arbitrary<List<Fact>> everything() {
        return Histories.ofEverything();
    }

    @Property(tries = 5_000)
    void readsBackWhateverAnOrderCanComeTo(@ForAll("everything") List<Fact> history) {
        OrderRecord record = OrderRecord.NEW;
        Instant now = NOW;
        for (Fact fact : history) {
            now = now.plus(Duration.ofMinutes(4));
            record = readBackOf(Decision.on(new Arrival(Histories.ORDER, fact), record, EAGER, now));
            if (record.due() != null && !record.due().isAfter(now)) {
                record = readBackOf(Decision.due(Histories.ORDER, record, EAGER, now, now));
            }
        }
        Decision erased = Decision.erase(Histories.ORDER, record, EAGER, now);
        if (erased.next() != null) {
            assertThat(readBackOf(erased).erasing()).isTrue();
        }
    }

    private static OrderRecord readBackOf(Decision decision) {
        OrderRecord record = Objects.requireNonNull(decision.next());
        byte[] value = OrderRecordCodec.encode(KEY, record);

        assertThat(OrderRecordCodec.decode(KEY, value)).isEqualTo(record);
        assertThat(OrderRecordCodec.lastArrivalHour(value)).isEqualTo(record.lastArrivalHour());
        return record;
    }

    @Test
    void readsBackEveryFieldAndEverySymbol() {
        assertThat(readBack(StateRecords.full())).isEqualTo(StateRecords.full());
    }

    @Test
    void readsBackEveryCase() {
        assertThat(StateRecords.cases()).allSatisfy(orderCase -> {
            OrderRecord record = new OrderRecord(OrderFacts.NONE, Sent.NOTHING, orderCase, null, false, 1);
            assertThat(readBack(record)).isEqualTo(record);
        });
    }

    @Test
    void readsBackAnOrderOfWhichNothingIsKnown() {
        assertThat(readBack(OrderRecord.NEW)).isEqualTo(OrderRecord.NEW);
    }

    /** A symbol that is not among them has not been seen to be read back. */
    @Test
    void isToldEverySymbolThereIs() {
        assertThat(StateRecords.SYMBOLS).allSatisfy(symbols -> {
            List<Enum<?>> all = new ArrayList<>(
                    List.of(symbols.getFirst().getDeclaringClass().getEnumConstants()));
            all.remove(CaseResolved.Resolution.UNKNOWN);
            assertThat(new ArrayList<Enum<?>>(symbols)).isEqualTo(all);
        });
    }

    @ParameterizedTest
    @ValueSource(longs = {Long.MIN_VALUE, Long.MIN_VALUE + 1, -1, 0, Long.MAX_VALUE - 1, Long.MAX_VALUE})
    void readsBackTimesVersionsAndPricesThatNobodyHas(long number) {
        Instant at = Instant.ofEpochMilli(number);
        OrderRecord record = after(
                after(OrderRecord.NEW, refund("R1", number, number, at)),
                shipment("S1", number, "L1", Integer.MAX_VALUE, number, ParcelStage.DELIVERED, at));

        assertThat(readBack(record)).isEqualTo(record);
    }

    @ParameterizedTest
    @ValueSource(longs = {Long.MIN_VALUE, -1, 0, Long.MAX_VALUE})
    void readsBackAnyHourOfTheLastArrival(long hour) {
        OrderRecord record =
                new OrderRecord(StateRecords.full().facts(), StateRecords.full().sent(), null, null, false, hour);

        assertThat(readBack(record)).isEqualTo(record);
        assertThat(OrderRecordCodec.lastArrivalHour(OrderRecordCodec.encode(KEY, record)))
                .isEqualTo(hour);
    }

    @ParameterizedTest
    @MethodSource({"io.ordersync.streams.StateRecords#ids", "io.ordersync.streams.StateRecords#idsOfOrder"})
    void readsBackIdsOfAnyForm(String id) {
        OrderRecord record = after(
                after(OrderRecord.NEW, refund(id, 1, 1, NOW)), shipment(id, 1, id, 1, 1, ParcelStage.IN_TRANSIT, NOW));

        assertThat(record.sent()).isNotEqualTo(Sent.NOTHING);
        assertThat(readBack(record)).isEqualTo(record);
    }

    @Test
    void readsBackAnIdOfAHundredThousandLetters() {
        String id = "字".repeat(100_000);
        OrderRecord record = after(OrderRecord.NEW, shipment(id, 1, "L1", 1, 1, ParcelStage.UNKNOWN, NOW));

        assertThat(readBack(record)).isEqualTo(record);
    }

    @Test
    void readsBackTwoHundredParcels() {
        OrderRecord record = StateRecords.record(
                List.of(),
                IntStream.range(0, 200)
                        .mapToObj(number ->
                                shipment("S" + number, number, "L" + number, 1, number, ParcelStage.UNKNOWN, NOW))
                        .map(StateRecords::parcel)
                        .toList(),
                Sent.NOTHING);

        assertThat(record.facts().parcels()).hasSize(200);
        assertThat(readBack(record)).isEqualTo(record);
    }

    /** Some strings are known by an array, and more of them by a map: of neither anything is left for the next order. */
    @Test
    void knowsOnlyTheStringsOfTheOrderItself() {
        for (int count = 1; count <= 200; count++) {
            String prefix = "of-" + count + "-";
            // The place of L2 among the strings is another one in each.
            int first = 1 + count % 2;
            OrderRecord record = StateRecords.record(
                    List.of(),
                    IntStream.range(0, count)
                            .mapToObj(number -> shipment(
                                    prefix + number,
                                    1,
                                    number < first ? "L1" : "L2",
                                    1,
                                    number,
                                    ParcelStage.UNKNOWN,
                                    NOW))
                            .map(StateRecords::parcel)
                            .toList(),
                    Sent.NOTHING);

            assertThat(readBack(record)).isEqualTo(record);
        }
    }

    /** What stands in stores and changelogs since the first release. */
    @Test
    void readsTheBytesOfLayoutOne() throws IOException {
        assertThat(OrderRecordCodec.decode(KEY, hexFile("/state/order-v1.hex"))).isEqualTo(StateRecords.ofLayout1());
    }

    /** What stands in stores and changelogs: to change these bytes is a migration. */
    @Test
    void readsTheBytesOfLayoutTwo() throws IOException {
        assertThat(OrderRecordCodec.decode(KEY, hexFile("/state/order-v2.hex"))).isEqualTo(StateRecords.full());
    }

    @Test
    void readsTheIdsOfLayoutTwo() throws IOException {
        assertThat(OrderRecordCodec.decode(KEY, hexFile("/state/order-ids-v2.hex")))
                .isEqualTo(StateRecords.of(StateRecords.ids()));
    }

    /** The key is part of it: ids are told by what they differ from the order's. */
    @Test
    void readsTheBytesOfLayoutThree() throws IOException {
        assertThat(OrderRecordCodec.decode(KEY, hexFile("/state/order-v3.hex"))).isEqualTo(StateRecords.full());
        assertThat(OrderRecordCodec.decode(KEY, hexFile("/state/order-ids-v3.hex")))
                .isEqualTo(StateRecords.of(allIds()));
        assertThat(OrderRecordCodec.decode(KEY, hexFile("/state/order-scans-v3.hex")))
                .isEqualTo(StateRecords.scanned());
    }

    @Test
    void writesTheBytesOfLayoutThree() throws IOException {
        assertThat(HexFormat.of().formatHex(OrderRecordCodec.encode(KEY, StateRecords.full())))
                .isEqualTo(HexFormat.of().formatHex(hexFile("/state/order-v3.hex")));
        assertThat(HexFormat.of().formatHex(OrderRecordCodec.encode(KEY, StateRecords.of(allIds()))))
                .isEqualTo(HexFormat.of().formatHex(hexFile("/state/order-ids-v3.hex")));
        assertThat(HexFormat.of().formatHex(OrderRecordCodec.encode(KEY, StateRecords.scanned())))
                .isEqualTo(HexFormat.of().formatHex(hexFile("/state/order-scans-v3.hex")));
    }

    private static List<String> allIds() {
        return Stream.of(StateRecords.ids(), StateRecords.idsOfOrder())
                .flatMap(List::stream)
                .toList();
    }

    /** An id of digits, mostly, for the order; and ids made of it, or near it, or of nothing of it. */
    @Property(tries = 5_000)
    void readsBackIdsThatAreMadeOfTheOrders(
            @ForAll @Chars({'0', '1', '8', '9', '-'}) @StringLength(min = 1, max = 24) String orderId,
            @ForAll @Size(max = 12) List<@From("made") UnaryOperator<String>> made) {
        byte[] key = ("DOUYIN:shop-1:" + orderId).getBytes(StandardCharsets.UTF_8);
        OrderRecord record = StateRecords.of(
                made.stream().map(id -> id.apply(orderId)).distinct().toList());

        assertThat(OrderRecordCodec.decode(key, OrderRecordCodec.encode(key, record)))
                .isEqualTo(record);
    }

    @Provide
    Arbitrary<UnaryOperator<String>> made() {
        Arbitrary<String> around = Arbitraries.strings().withChars("0189-/x字").ofMaxLength(17);
        Arbitrary<UnaryOperator<String>> within =
                Combinators.combine(around, around).as((before, after) -> orderId -> before + orderId + after);
        Arbitrary<UnaryOperator<String>> near = Combinators.combine(around, Arbitraries.bigIntegers())
                .as((before, distance) -> orderId -> before + near(orderId, distance));
        Arbitrary<UnaryOperator<String>> other =
                Arbitraries.strings().numeric().ofMinLength(1).ofMaxLength(24).map(id -> orderId -> id);
        return Arbitraries.oneOf(within, near, other);
    }

    /** A number of as many digits. */
    private static String near(String orderId, BigInteger distance) {
        String digits = orderId.replace("-", "");
        if (digits.isEmpty()) {
            return orderId;
        }
        BigInteger near = new BigInteger(digits).add(distance).mod(BigInteger.TEN.pow(digits.length()));
        return "0".repeat(digits.length() - near.toString().length()) + near;
    }

    /** With its key, 91 in one line; 133 in layout 2. */
    @Test
    void takesFewBytesForIdsThatAreMadeOfTheOrders() {
        BenchOrder order = new BenchOrder(0);
        byte[] key = order.key().toString().getBytes(StandardCharsets.UTF_8);

        assertThat(key.length + OrderRecordCodec.encode(key, order.shipped(1)).length)
                .isLessThanOrEqualTo(100);
    }

    @Test
    void refusesWhatEndsTooSoon() {
        for (OrderRecord record : List.of(StateRecords.full(), StateRecords.of(allIds()))) {
            byte[] value = OrderRecordCodec.encode(KEY, record);
            for (int length = 0; length < value.length; length++) {
                byte[] begun = Arrays.copyOf(value, length);

                assertThatIllegalStateException()
                        .isThrownBy(() -> OrderRecordCodec.decode(KEY, begun))
                        .withMessage("the state of an order is damaged");
            }
        }
    }

    /** A flag or a count that is damaged leaves bytes behind: what they are of would be missing, and nobody would know. */
    @Test
    void refusesWhatGoesOnAfterItsEnd() {
        OrderRecord full = StateRecords.full();
        OrderRecord withoutDue = new OrderRecord(
                full.facts(), full.sent(), full.orderCase(), null, full.erasing(), full.lastArrivalHour());
        byte[] withDue = OrderRecordCodec.encode(KEY, full);
        byte[] dueNotTold = withDue.clone();
        int flags = mismatch(withDue, OrderRecordCodec.encode(KEY, withoutDue));
        dueNotTold[flags] = OrderRecordCodec.encode(KEY, withoutDue)[flags];
        byte[] one = Arrays.copyOf(withDue, withDue.length + 1);

        for (byte[] value : List.of(dueNotTold, one)) {
            assertThatIllegalStateException()
                    .isThrownBy(() -> OrderRecordCodec.decode(KEY, value))
                    .withMessage("the state of an order is damaged");
        }
    }

    private static int mismatch(byte[] one, byte[] other) {
        return IntStream.range(0, one.length)
                .filter(at -> one[at] != other[at])
                .findFirst()
                .orElseThrow();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                // Two parcels: the id of the one is 1234, that of the other seven more than one before it of five
                // digits.
                "0300 0202 0002 0004d200 0022 11 07 00",
                // The hour has eleven bytes.
                "03 ffffffffffffffffffff01 00",
                // Two parcels: before the id of the other one stands a tag below 0.
                "0300 0202 0002 0004d2 0000 f2ffffffffffffffff01 00 00"
            })
    void refusesNumbersThatNobodyWrote(String hex) {
        byte[] value = HexFormat.of().parseHex(hex.replace(" ", ""));

        assertThatIllegalStateException()
                .isThrownBy(() -> OrderRecordCodec.decode(KEY, value))
                .withMessage("the state of an order is damaged");
    }

    /** One above an order's number of four digits has five: it is never told so. */
    @Test
    void refusesANumberOfMoreDigitsThanAreTold() {
        byte[] key = "DOUYIN:shop-1:9999".getBytes(StandardCharsets.UTF_8);
        byte[] value = OrderRecordCodec.encode(key, StateRecords.of(List.of("9998")));
        byte[] below = {StateWriter.OF_ORDER + 3, 1 | StateWriter.OF_ORDER_BELOW, 's', 'e', '-', 1};
        value[indexOf(value, below) + 1] = 1;

        assertThatIllegalStateException()
                .isThrownBy(() -> OrderRecordCodec.decode(key, value))
                .withMessage("the state of an order is damaged");
    }

    /** A value that has come under another key. Without the number, what is left of each id would be an id. */
    @Test
    void refusesAnIdByANumberThatTheOrderDoesNotHave() {
        byte[] value = OrderRecordCodec.encode(KEY, StateRecords.of(List.of("S1234567890")));

        assertThatIllegalStateException()
                .isThrownBy(() -> OrderRecordCodec.decode(ORDER.toString().getBytes(StandardCharsets.UTF_8), value))
                .withMessage("the state of an order is damaged");
    }

    private static int indexOf(byte[] value, byte[] part) {
        return IntStream.rangeClosed(0, value.length - part.length)
                .filter(at -> Arrays.equals(value, at, at + part.length, part, 0, part.length))
                .findFirst()
                .orElseThrow();
    }

    @ParameterizedTest
    @ValueSource(bytes = {0, 4, 127, -1})
    void refusesALayoutItDoesNotKnow(byte version) {
        byte[] value = OrderRecordCodec.encode(KEY, StateRecords.full());
        value[0] = version;

        assertThatIllegalStateException()
                .isThrownBy(() -> OrderRecordCodec.decode(KEY, value))
                .withMessage("state has layout " + (version & 0xff) + ", this service reads up to 3");
        assertThatIllegalStateException().isThrownBy(() -> OrderRecordCodec.lastArrivalHour(value));
    }

    @Test
    void takesFewBytesForAnOrder() {
        OrderRecord shipped = after(OrderRecord.NEW, realisticParcel());
        OrderRecord returned = after(shipped, realisticRefund(RefundApproved.Kind.RETURN_AND_REFUND));
        OrderRecord race = after(shipped, realisticRefund(RefundApproved.Kind.CANCEL_BEFORE_SHIPMENT));

        assertThat(returned.sent()).isEqualTo(Sent.NOTHING);
        assertThat(race.orderCase()).isNotNull();
        assertThat(race.orderCase().state()).isEqualTo(OrderCase.State.INTERCEPTING);
        assertThat(race.orderCase().evidence()).isNotEmpty();
        assertThat(race.due()).isNotNull();
        int shippedBytes = OrderRecordCodec.encode(KEY, shipped).length;
        int returnedBytes = OrderRecordCodec.encode(KEY, returned).length;
        int raceBytes = OrderRecordCodec.encode(KEY, race).length;
        String sizes = "one parcel %d bytes, with a refund %d, with a case in INTERCEPTING %d"
                .formatted(shippedBytes, returnedBytes, raceBytes);
        assertThat(shippedBytes).as(sizes).isLessThan(100);
        assertThat(returnedBytes).as(sizes).isLessThan(200);
        assertThat(raceBytes).as(sizes).isLessThan(800);
    }

    private static OrderRecord after(OrderRecord before, Fact fact) {
        return Objects.requireNonNull(
                Decision.on(new Arrival(ORDER, fact), before, EAGER, NOW).next());
    }

    private static OrderRecord readBack(OrderRecord record) {
        return OrderRecordCodec.decode(KEY, OrderRecordCodec.encode(KEY, record));
    }

    private static RefundApproved refund(String id, long version, long price, Instant approvedAt) {
        return new RefundApproved(
                new Source(Integer.MAX_VALUE, Long.MAX_VALUE),
                id,
                id,
                version,
                RefundApproved.Kind.CANCEL_BEFORE_SHIPMENT,
                RefundApproved.Cause.BUYER_REQUEST,
                true,
                "CNY",
                List.of(new RefundApproved.Line("L1", id, 1, Integer.MAX_VALUE, price, id, id, null)),
                approvedAt);
    }

    private static ShipmentCreated shipment(
            String id, long version, String lineId, int quantity, long price, ParcelStage stage, Instant createdAt) {
        return new ShipmentCreated(
                new Source(0, 0),
                id,
                id,
                version,
                id,
                id,
                id,
                id,
                ShipmentCreated.Purpose.ORIGINAL,
                stage,
                false,
                List.of(),
                List.of(new ShipmentCreated.Line(lineId, id, quantity, 1, price, id)),
                createdAt);
    }

    private static ShipmentCreated realisticParcel() {
        return new ShipmentCreated(
                new Source(3, 123_456_789),
                "0198a7b2-3c4d-7e5f-8a6b-9c0d1e2f3a4b",
                "SHP2026112000123456",
                1,
                "SF1234567890123",
                "SF",
                "WH-HZ-01",
                "op-1f3a9c",
                ShipmentCreated.Purpose.ORIGINAL,
                ParcelStage.IN_TRANSIT,
                false,
                List.of(),
                List.of(new ShipmentCreated.Line("1", "SKU-100200300", 1, 1, 12_900L, "phones")),
                NOW.minusSeconds(1200));
    }

    private static RefundApproved realisticRefund(RefundApproved.Kind kind) {
        return new RefundApproved(
                new Source(5, 23_456_789),
                "0198a7b2-9999-7e5f-8a6b-9c0d1e2f3a4b",
                "RFD2026112000123456",
                1,
                kind,
                RefundApproved.Cause.BUYER_REQUEST,
                false,
                "CNY",
                List.of(new RefundApproved.Line("1", "SKU-100200300", 1, 1, 12_900L, "phones", "WH-HZ-01", null)),
                NOW.minusSeconds(3600));
    }

    /** Hexadecimal digits, in lines of any length. */
    private static byte[] hexFile(String name) throws IOException {
        try (InputStream in = Objects.requireNonNull(OrderRecordCodecTest.class.getResourceAsStream(name), name)) {
            String text = new String(in.readAllBytes(), StandardCharsets.US_ASCII);
            return HexFormat.of().parseHex(String.join("", Arrays.asList(text.split("\\s+", -1))));
        }
    }
}
