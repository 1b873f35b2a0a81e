package io.ordersync.streams;

import static org.assertj.core.api.Assertions.assertThat;

import io.ordersync.dev.DevRegistry;
import io.ordersync.dev.WireEncoder;
import java.time.Duration;
import java.time.Instant;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueBytesStoreSupplier;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A command that waits for the commit interval is late; a commit for each record of a backlog takes for ever. */
class CommittingAtOnceTest {

    private static final Instant NOW = Events.TEN.plusSeconds(3000);

    private final MockProcessorContext<byte[], byte[]> context = new MockProcessorContext<>();
    private DevRegistry registry;
    private WireEncoder encoder;
    private RealEdges edges;
    private OrderProcessor processor;

    @BeforeEach
    void start() {
        registry = new DevRegistry(0);
        encoder = new WireEncoder(registry.url());
        edges = new RealEdges(registry.url(), OrderProcessorTest.TOPICS);
        addStore(OrderTopology.Store.MEMORY.orders());
        addStore(OrderTopology.Store.MEMORY.timers());
        context.setCurrentSystemTimeMs(NOW.toEpochMilli());
        processor = new OrderProcessor(
                edges, OrderProcessorTest.POLICY, new Heard(), new GivenBacklog(), TestStream.NO_STRAYS);
        processor.init(context);
    }

    private void addStore(KeyValueBytesStoreSupplier supplier) {
        KeyValueStore<Bytes, byte[]> store = Stores.keyValueStoreBuilder(supplier, Serdes.Bytes(), Serdes.ByteArray())
                .withCachingDisabled()
                .withLoggingDisabled()
                .build();
        store.init(context.getStateStoreContext(), store);
        context.addStateStore(store);
    }

    @AfterEach
    void stop() {
        processor.close();
        edges.close();
        registry.close();
    }

    @Test
    void commitsAfterARecordThatSentSomething() {
        process("refund-approved", Events.refund("O1", "R1").build(), NOW.minus(Duration.ofSeconds(1)));

        assertThat(context.forwarded()).hasSize(1);
        assertThat(context.committed()).isTrue();
    }

    @Test
    void leavesItToTheIntervalInABacklog() {
        process("refund-approved", Events.refund("O1", "R1").build(), NOW.minus(Duration.ofMillis(1001)));

        assertThat(context.forwarded()).hasSize(1);
        assertThat(context.committed()).isFalse();
    }

    @Test
    void leavesItToTheIntervalWhenNothingWasSent() {
        process("shipment-created", Events.parcel("O1", "S1").build(), NOW);

        assertThat(context.forwarded()).isEmpty();
        assertThat(context.committed()).isFalse();
    }

    @Test
    void commitsAfterADeadline() {
        process("refund-approved", Events.refund("O1", "R1").build(), Events.TEN);
        process("shipment-created", Events.parcel("O1", "S1").build(), Events.TEN);
        assertThat(context.committed()).isFalse();
        passTime(Duration.ofMinutes(14));
        assertThat(context.committed()).isFalse();

        passTime(Duration.ofMinutes(1));
        assertThat(context.committed()).isTrue();
    }

    private void passTime(Duration time) {
        context.setCurrentSystemTimeMs(context.currentSystemTimeMs() + time.toMillis());
        context.scheduledPunctuators().forEach(timer -> timer.getPunctuator().punctuate(context.currentSystemTimeMs()));
    }

    private void process(String topic, SpecificRecordBase event, Instant arrivedAt) {
        context.setRecordMetadata(topic, 0, 0);
        processor.process(new Record<>(new byte[0], encoder.encode(topic, event), arrivedAt.toEpochMilli()));
    }
}
