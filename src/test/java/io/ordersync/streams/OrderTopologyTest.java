package io.ordersync.streams;

import static org.assertj.core.api.Assertions.assertThat;

import io.ordersync.domain.Arrival;
import io.ordersync.domain.Effect;
import io.ordersync.domain.OrderKey;
import io.ordersync.domain.Rejection;
import java.time.InstantSource;
import java.util.Set;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class OrderTopologyTest {

    /** Names of nodes and stores are those of topics and of state on disk: a difference here is a migration. */
    @Test
    void isOneProcessorWithOrdersAndTimersBetweenTheTopics() {
        assertThat(describe(OrderTopology.Store.MEMORY)).isEqualTo("""
                        Topologies:
                           Sub-topology: 0
                            Source: answers (topics: \\Qorder-sync-width\\E)
                              --> order
                            Source: carried (topics: [order-sync-strays])
                              --> order
                            Source: events (topics: [refund-approved, shipment-created])
                              --> order
                            Processor: order (stores: [timers, orders])
                              --> alerts, cases, dead-letters, intercept-commands, lock-commands, strays
                              <-- events, carried, answers
                            Sink: alerts (topic: order-alerts)
                              <-- order
                            Sink: cases (topic: order-cases)
                              <-- order
                            Sink: dead-letters (topic: order-sync-dead-letters)
                              <-- order
                            Sink: intercept-commands (topic: intercept-shipment-commands)
                              <-- order
                            Sink: lock-commands (topic: warehouse-lock-commands)
                              <-- order
                            Sink: strays (topic: order-sync-strays)
                              <-- order

                        """);
    }

    @Test
    void isTheSameWhereverTheOrdersAreKept() {
        assertThat(describe(OrderTopology.Store.ROCKSDB)).isEqualTo(describe(OrderTopology.Store.MEMORY));
    }

    @Test
    void readsTheOptionalTopicsByAPatternSinceTheyMayNotBeThere() {
        OrderTopology withOptional = new OrderTopology(
                Set.of("refund-approved", "shipment-created"),
                Set.of("shipment-status", "refund.closed"),
                "locks",
                "intercepts",
                "alerts",
                "cases",
                "dead",
                TestStream.NO_STRAYS,
                "order-sync-width");

        assertThat(describe(withOptional, OrderTopology.Store.MEMORY))
                .contains("Source: answers (topics: \\Qorder-sync-width\\E|\\Qrefund.closed\\E|\\Qshipment-status\\E)")
                .contains("<-- events, carried, answers");
    }

    private static String describe(OrderTopology.Store store) {
        return describe(OrderProcessorTest.TOPOLOGY, store);
    }

    private static String describe(OrderTopology nodes, OrderTopology.Store store) {
        Topology topology = new Topology();
        nodes.addTo(
                topology,
                store,
                new NoEdges(),
                OrderProcessorTest.POLICY,
                new Heard(),
                new GivenBacklog(),
                InstantSource.system());
        return topology.describe().toString();
    }

    /** Nothing comes in. */
    private static final class NoEdges implements Edges {

        @Override
        public boolean isReadable(String topic, byte[] value) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Arrival read(RecordMetadata source, byte[] value) {
            throw new UnsupportedOperationException();
        }

        @Override
        public OrderKey erasureOf(RecordMetadata source, byte @Nullable [] key) {
            throw new UnsupportedOperationException();
        }

        @Override
        public byte[] write(OrderKey order, Effect effect) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void follow(Headers headers) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Headers traceOf(Headers cause) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Headers deadLetterHeaders(RecordMetadata source, Record<byte[], byte[]> record, Rejection rejection) {
            throw new UnsupportedOperationException();
        }
    }
}
