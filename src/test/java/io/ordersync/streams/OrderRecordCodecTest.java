package io.ordersync.streams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.ordersync.domain.Arrival;
import io.ordersync.domain.Decision;
import io.ordersync.domain.Fact;
import io.ordersync.domain.Fact.Source;
import io.ordersync.domain.Histories;
import io.ordersync.domain.OrderKey;
import io.ordersync.domain.OrderRecord;
import io.ordersync.domain.ParcelStage;
import io.ordersync.domain.Policy;
import io.ordersync.domain.RefundApproved;
import io.ordersync.domain.Sent;
import io.ordersync.domain.ShipmentCreated;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OrderRecordCodecTest {

    private static final OrderKey ORDER = new OrderKey("DOUYIN", "shop-1", "order-1");
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

    @Property(tries = 5_000)
    void readsBackWhateverAnOrderCanComeTo(@ForAll(supplier = Histories.class) List<Fact> history) {
        OrderRecord record = OrderRecord.NEW;
        for (Fact fact : history) {
            record = after(record, fact);
            byte[] value = OrderRecordCodec.encode(record);

            assertThat(OrderRecordCodec.decode(value)).isEqualTo(record);
            assertThat(OrderRecordCodec.lastArrivalHour(value)).isEqualTo(record.lastArrivalHour());
        }
    }

    @Test
    void readsBackEveryFieldAndEverySymbol() {
        assertThat(readBack(StateRecords.full())).isEqualTo(StateRecords.full());
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
        assertThat(OrderRecordCodec.lastArrivalHour(OrderRecordCodec.encode(record)))
                .isEqualTo(hour);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "订单一",
                "🧦🧦",
                "a\u0000b",
                "0198a7b2-3c4d-7e5f-8a6b-9c0d1e2f3a4b",
                "0198A7B2-3C4D-7E5F-8A6B-9C0D1E2F3A4B",
                "0198a7b2-3c4d-7e5f-8a6b-9c0d1e2f3a4g",
                "198a7b2--3c4d-7e5f-8a6b-9c0d1e2f3a4b",
                "00000000-0000-0000-0000-000000000000"
            })
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

    /** What stands in stores and changelogs: to change these bytes is a migration. */
    @Test
    void readsTheBytesOfLayoutOne() throws IOException {
        byte[] old = hexFile("/state/order-v1.hex");

        assertThat(OrderRecordCodec.decode(old)).isEqualTo(StateRecords.full());
    }

    @Test
    void writesTheBytesOfLayoutOne() throws IOException {
        assertThat(HexFormat.of().formatHex(OrderRecordCodec.encode(StateRecords.full())))
                .isEqualTo(HexFormat.of().formatHex(hexFile("/state/order-v1.hex")));
    }

    @ParameterizedTest
    @ValueSource(bytes = {0, 2, 127, -1})
    void refusesALayoutItDoesNotKnow(byte version) {
        byte[] value = OrderRecordCodec.encode(StateRecords.full());
        value[0] = version;

        assertThatIllegalStateException()
                .isThrownBy(() -> OrderRecordCodec.decode(value))
                .withMessage("state has layout " + (version & 0xff) + ", this service reads 1");
        assertThatIllegalStateException().isThrownBy(() -> OrderRecordCodec.lastArrivalHour(value));
    }

    @Test
    void takesFewBytesForAnOrder() {
        OrderRecord shipped = after(OrderRecord.NEW, realisticParcel());
        OrderRecord returned = after(shipped, realisticRefund(RefundApproved.Kind.RETURN_AND_REFUND));
        OrderRecord race = after(shipped, realisticRefund(RefundApproved.Kind.CANCEL_BEFORE_SHIPMENT));

        assertThat(returned.sent()).isEqualTo(Sent.NOTHING);
        assertThat(race.sent().recalls().values()).allMatch(recall -> recall.intercept() != null);
        int shippedBytes = OrderRecordCodec.encode(shipped).length;
        int returnedBytes = OrderRecordCodec.encode(returned).length;
        int raceBytes = OrderRecordCodec.encode(race).length;
        String sizes = "one parcel %d bytes, with a refund %d, with INTERCEPT and alert %d"
                .formatted(shippedBytes, returnedBytes, raceBytes);
        assertThat(shippedBytes).as(sizes).isLessThan(140);
        assertThat(returnedBytes).as(sizes).isLessThan(200);
        assertThat(raceBytes).as(sizes).isLessThan(240);
    }

    private static OrderRecord after(OrderRecord before, Fact fact) {
        return Objects.requireNonNull(
                Decision.on(new Arrival(ORDER, fact), before, EAGER, NOW).next());
    }

    private static OrderRecord readBack(OrderRecord record) {
        return OrderRecordCodec.decode(OrderRecordCodec.encode(record));
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
