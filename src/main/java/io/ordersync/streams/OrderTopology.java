package io.ordersync.streams;

import io.ordersync.domain.Policy;
import java.time.InstantSource;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.AutoOffsetReset;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.TimestampExtractor;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.state.KeyValueBytesStoreSupplier;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/**
 * The whole topology: all inputs into one processor with the orders and their timers, and from there to the outputs, the
 * dead letters and, for what came to the wrong partition, once more to the processor. Its names are those of topics and of state on disk: to change one is a migration.
 *
 * @param inputs the topics that are read, and must be there
 * @param optionalInputs the topics that are read if they are there, and from the beginning as soon as they are
 * @param lockCommands the topic of the commands to warehouses
 * @param interceptCommands the topic of the commands to couriers' adapters
 * @param alerts the topic of the alerts
 * @param cases the topic of the cases
 * @param deadLetters the topic of what can't be taken in
 * @param strays where events go that came to another partition than their order's
 * @param width a topic that is never written to, and is there only if the state was made with more partitions than any
 *     input has now: by it there is a task for each
 */
public record OrderTopology(
        Set<String> inputs,
        Set<String> optionalInputs,
        String lockCommands,
        String interceptCommands,
        String alerts,
        String cases,
        String deadLetters,
        Strays strays,
        String width) {

    static final String EVENTS = "events";
    static final String ANSWERS = "answers";
    static final String CARRIED = "carried";
    static final String ORDER = "order";
    static final String ORDERS = "orders";
    static final String TIMERS = "timers";
    static final String LOCK_COMMANDS = "lock-commands";
    static final String INTERCEPT_COMMANDS = "intercept-commands";
    static final String ALERTS = "alerts";
    static final String CASES = "cases";
    static final String DEAD_LETTERS = "dead-letters";
    static final String STRAYS = "strays";

    /** Where the orders are kept; the changelog is the same. */
    public enum Store {
        /** In a hash table: the faster, while all orders fit into the heap. */
        MEMORY,
        /** On disk. */
        ROCKSDB;

        KeyValueBytesStoreSupplier orders() {
            return switch (this) {
                case MEMORY -> new HashStore.Supplier(ORDERS);
                case ROCKSDB -> Stores.persistentKeyValueStore(ORDERS);
            };
        }

        /** Sorted, which a hash table is not. Few orders wait for something. */
        KeyValueBytesStoreSupplier timers() {
            return switch (this) {
                case MEMORY -> Stores.inMemoryKeyValueStore(TIMERS);
                case ROCKSDB -> Stores.persistentKeyValueStore(TIMERS);
            };
        }
    }

    /**
     * Adds the nodes to {@code topology}.
     *
     * @param clock of the records' times
     */
    public void addTo(
            Topology topology,
            Store store,
            Edges edges,
            Policy policy,
            StreamListener listener,
            Backlog backlog,
            InstantSource clock) {
        // A producer's clock must not stop a thread. Kafka Streams refuses a time before 1970; the changelogs take over
        // the times of the inputs, and there the broker refuses one that is more than an hour ahead.
        TimestampExtractor times =
                (record, partitionTime) -> Math.clamp(record.timestamp(), 0, Math.max(0, clock.millis()));
        topology.addSource(
                AutoOffsetReset.earliest(),
                EVENTS,
                times,
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer(),
                inputs.toArray(String[]::new));
        topology.addSource(
                AutoOffsetReset.earliest(),
                CARRIED,
                times,
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer(),
                strays.topic());
        // Named, a topic that is not there would stop the stream; one that fits a pattern is found when it comes.
        Pattern anyOf = Pattern.compile(Stream.concat(optionalInputs.stream(), Stream.of(width))
                .sorted()
                .map(Pattern::quote)
                .collect(Collectors.joining("|")));
        topology.addSource(
                AutoOffsetReset.earliest(),
                ANSWERS,
                times,
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer(),
                anyOf);
        topology.addProcessor(
                ORDER, new Orders(store, edges, policy, listener, backlog, strays), EVENTS, CARRIED, ANSWERS);
        addSink(topology, LOCK_COMMANDS, lockCommands);
        addSink(topology, INTERCEPT_COMMANDS, interceptCommands);
        addSink(topology, ALERTS, alerts);
        addSink(topology, CASES, cases);
        addSink(topology, DEAD_LETTERS, deadLetters);
        topology.addSink(
                STRAYS,
                strays.topic(),
                new ByteArraySerializer(),
                new ByteArraySerializer(),
                strays.partitioner(),
                ORDER);
    }

    private static void addSink(Topology topology, String name, String topic) {
        topology.addSink(name, topic, new ByteArraySerializer(), new ByteArraySerializer(), ORDER);
    }

    private record Orders(
            Store store, Edges edges, Policy policy, StreamListener listener, Backlog backlog, Strays strays)
            implements ProcessorSupplier<byte[], byte[], byte[], byte[]> {

        @Override
        public Processor<byte[], byte[], byte[], byte[]> get() {
            return new OrderProcessor(edges, policy, listener, backlog, strays);
        }

        @Override
        public Set<StoreBuilder<?>> stores() {
            return Set.of(builder(store.orders()), builder(store.timers()));
        }

        private static StoreBuilder<KeyValueStore<Bytes, byte[]>> builder(KeyValueBytesStoreSupplier supplier) {
            return Stores.keyValueStoreBuilder(supplier, Serdes.Bytes(), Serdes.ByteArray())
                    .withCachingDisabled();
        }
    }
}
