package io.ordersync.streams;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ordersync.domain.Rejection;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class StraysTest {

    private static final long NOW = 1_790_000_000_000L;

    private record Source(String topic, int partition, long offset) implements RecordMetadata {}

    private static final Source WHERE_IT_CAME = new Source("refund-approved", 11, 1L << 40);

    private final Strays strays = new Strays("order-sync-strays", () -> 6);

    @Test
    void liveWhereKafkasOwnProducerPutsTheirKey() {
        for (int i = 0; i < 1000; i++) {
            byte[] key = ("DOUYIN:shop-1:O" + i).getBytes(UTF_8);
            assertThat(strays.homeOf(Bytes.wrap(key))).isEqualTo(BuiltInPartitioner.partitionForKey(key, 6));
        }
    }

    /** The topic may have been given more. */
    @Test
    void liveOnAsManyPartitionsAsWereSettledWhateverTheTopicHas() {
        byte[] key = key("O1");
        assertThat(strays.partitioner().partitions("order-sync-strays", key, null, 48))
                .hasValueSatisfying(chosen -> assertThat(chosen).containsExactly(strays.homeOf(Bytes.wrap(key))));
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", "R-1", "DOUYIN:shop-1:O1"})
    void arriveAsTheyWereSent(@Nullable String key) {
        byte @Nullable [] keyBytes = key == null ? null : key.getBytes(UTF_8);
        Record<byte[], byte[]> sent = record(keyBytes, new byte[] {0, 1, 2}, 17, new RecordHeader("a", new byte[] {1}));

        Record<byte[], byte[]> carried = strays.carry(Bytes.wrap(key("O1")), event(sent), NOW);
        assertThat(carried.key()).isEqualTo(key("O1"));
        assertThat(carried.timestamp())
                .as("or it would be deleted as an old one")
                .isEqualTo(NOW);
        Strays.Event arrived = arrive(carried);

        assertThat(arrived.source().topic()).isEqualTo(WHERE_IT_CAME.topic());
        assertThat(arrived.source().partition()).isEqualTo(11);
        assertThat(arrived.source().offset()).isEqualTo(1L << 40);
        assertThat(arrived.record().key()).isEqualTo(keyBytes);
        assertThat(arrived.record().value()).containsExactly(0, 1, 2);
        assertThat(arrived.record().timestamp()).isEqualTo(17);
        assertThat(arrived.record().headers()).isEqualTo(sent.headers());
        assertThat(sent.headers().toArray()).as("what was sent stays as it is").hasSize(1);
    }

    @Test
    void mayHaveNoValue() {
        Strays.Event arrived = arrive(strays.carry(Bytes.wrap(key("O1")), event(record(key("O1"), null, 0)), NOW));

        assertThat(arrived.record().value()).isNull();
    }

    @Test
    void keepAHeaderOfThatNameThatTheyCameWith() {
        Header theirs = new RecordHeader(Strays.HEADER, "mine".getBytes(UTF_8));
        Record<byte[], byte[]> sent = record(null, new byte[1], 0, theirs, new RecordHeader("b", null));

        Strays.Event arrived = arrive(strays.carry(Bytes.wrap(key("O1")), event(sent), NOW));

        assertThat(arrived.record().headers().headers(Strays.HEADER)).containsExactly(theirs);
        assertThat(arrived.record().headers().headers("b")).hasSize(1);
        assertThat(arrived.source().topic()).isEqualTo(WHERE_IT_CAME.topic());
    }

    /** Who may write to an input can't make it seem that a record came from elsewhere. */
    @Test
    void areOnlyWhatIsReadFromTheirTopic() {
        Record<byte[], byte[]> carried = strays.carry(Bytes.wrap(key("O1")), event(record(null, new byte[1], 0)), NOW);
        Source input = new Source("refund-approved", 0, 5);

        Strays.Event event = strays.event(input, carried);

        assertThat(event.source()).isEqualTo(input);
        assertThat(event.record()).isSameAs(carried);
    }

    static Stream<byte @Nullable []> headersThatSayNothing() {
        byte[] whole = new Strays("order-sync-strays", () -> 6)
                .carry(Bytes.wrap(key("O1")), event(record(null, new byte[1], 0)), NOW)
                .headers()
                .lastHeader(Strays.HEADER)
                .value();
        byte[] otherVersion = whole.clone();
        otherVersion[0] = 2;
        byte[] otherTopic = whole.clone();
        otherTopic[23] = '\n';
        return Stream.of(
                null,
                new byte[0],
                otherTopic,
                otherVersion,
                ByteBuffer.allocate(whole.length - 1)
                        .put(whole, 0, whole.length - 1)
                        .array(),
                ByteBuffer.allocate(12).put(whole, 0, 12).array(),
                ByteBuffer.allocate(24).put(whole, 0, 21).putShort((short) -1).array());
    }

    @ParameterizedTest
    @MethodSource("headersThatSayNothing")
    void areRejectedWhenTheServiceDidNotPutThemThere(byte @Nullable [] header) {
        assertThatThrownBy(() -> arrive(record(key("O1"), new byte[1], 0, new RecordHeader(Strays.HEADER, header))))
                .isInstanceOfSatisfying(
                        Rejection.class, e -> assertThat(e.reason()).isEqualTo(Rejection.Reason.UNREADABLE));
    }

    /** Kafka Streams makes no record with a time before 1970, and the exception would kill one thread after the other. */
    @Test
    void areRejectedWithATimeThatNoRecordCanHave() {
        Header whole = strays.carry(Bytes.wrap(key("O1")), event(record(null, new byte[1], 17)), NOW)
                .headers()
                .lastHeader(Strays.HEADER);
        ByteBuffer hostile = ByteBuffer.wrap(whole.value().clone()).putLong(1 + Integer.BYTES + Long.BYTES, -1);
        Header header = new RecordHeader(Strays.HEADER, hostile.array());

        assertThatThrownBy(() -> arrive(record(key("O1"), new byte[1], 0, header)))
                .isInstanceOf(Rejection.class);
        assertThat(strays.topicOf(new ConsumerRecord<>(
                        strays.topic(),
                        3,
                        99,
                        0,
                        TimestampType.CREATE_TIME,
                        0,
                        0,
                        key("O1"),
                        new byte[1],
                        new RecordHeaders(List.of(header)),
                        Optional.empty())))
                .isEqualTo(strays.topic());
    }

    @Test
    void areRejectedWithoutTheirHeader() {
        assertThatThrownBy(() -> arrive(record(key("O1"), new byte[1], 0)))
                .isInstanceOf(Rejection.class)
                .hasMessageContaining(Strays.HEADER);
    }

    private Strays.Event arrive(Record<byte[], byte[]> carried) {
        return strays.event(new Source("order-sync-strays", 3, 99), carried);
    }

    private static Strays.Event event(Record<byte[], byte[]> record) {
        return new Strays.Event(WHERE_IT_CAME, record);
    }

    @SuppressWarnings("NullAway") // key and value of a record may be null
    private static Record<byte[], byte[]> record(
            byte @Nullable [] key, byte @Nullable [] value, long timestamp, Header... headers) {
        Headers all = new RecordHeaders(List.of(headers));
        return new Record<>(key, value, timestamp, all);
    }

    private static byte[] key(String orderId) {
        return ("DOUYIN:shop-1:" + orderId).getBytes(UTF_8);
    }
}
