package io.ordersync.streams;

import static org.assertj.core.api.Assertions.assertThat;

import io.ordersync.domain.OrderFacts;
import io.ordersync.domain.OrderRecord;
import io.ordersync.domain.Sent;
import io.ordersync.fuzz.Choices;
import io.ordersync.fuzz.Damage;
import io.ordersync.fuzz.Tally;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Bytes of the store that were not written as they are: an order that can be written again, or a clear failure. */
public final class StateFuzz {

    private static final List<byte[]> WRITTEN = Stream.concat(
                    Stream.of(
                            StateRecords.full(),
                            StateRecords.of(StateRecords.ids()),
                            StateRecords.of(StateRecords.idsOfOrder()),
                            StateRecords.scanned(),
                            OrderRecord.NEW),
                    StateRecords.cases().stream()
                            .map(each -> new OrderRecord(OrderFacts.NONE, Sent.NOTHING, each, null, false, 1)))
            .map(record -> OrderRecordCodec.encode(StateRecords.KEY, record))
            .toList();
    private static final Tally TALLY = new Tally();

    private StateFuzz() {}

    /** One input: how a written order was damaged; or, after 0, bytes as they are. */
    public static void fuzzerTestOneInput(byte[] data) {
        Choices choices = new Choices(data);
        byte[] value = choices.octet() == 0 ? choices.bytes(data.length) : Damage.to(choices.of(WRITTEN), choices);
        OrderRecord record;
        try {
            record = OrderRecordCodec.decode(StateRecords.KEY, value);
        } catch (IllegalStateException e) {
            assertThat(e).hasMessageContaining("state");
            TALLY.add("refused");
            return;
        }
        // Damage may make what no history makes, such as a first approval without a refund: that is written without it.
        byte[] written = OrderRecordCodec.encode(StateRecords.KEY, record);
        assertThat(OrderRecordCodec.encode(StateRecords.KEY, OrderRecordCodec.decode(StateRecords.KEY, written)))
                .isEqualTo(written);
        TALLY.add("read");
    }

    /** Jazzer calls it first: what it takes to get ready is no input's time. */
    public static void fuzzerInitialize() {
        Tally.silence();
    }

    /** Jazzer calls it at the end. */
    public static void fuzzerTearDown() {
        TALLY.write();
    }

    /** Inputs to begin with. */
    public static List<byte[]> seeds() {
        List<byte[]> seeds = new ArrayList<>();
        for (byte[] value : WRITTEN) {
            seeds.add(ByteBuffer.allocate(1 + value.length)
                    .put((byte) 0)
                    .put(value)
                    .array());
        }
        for (int i = 1; i < 9; i++) {
            seeds.add(new byte[] {1, 0, 0, 0, (byte) (i * 25), 0, (byte) i, 3});
        }
        return seeds;
    }
}
