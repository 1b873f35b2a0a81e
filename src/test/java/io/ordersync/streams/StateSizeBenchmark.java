package io.ordersync.streams;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.ordersync.domain.OrderRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MemoryRecordsBuilder;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.state.KeyValueStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ConfigOptions;
import org.rocksdb.DBOptions;
import org.rocksdb.OptionsUtil;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;

/**
 * How many bytes an order takes: in the changelog, in the heap, and on disk. Settings, each a system property:
 * {@code bench.orders} (1,000,000), so many are in a store, or as many as have 200 MiB of keys and values.
 */
class StateSizeBenchmark {

    /** As many of each number of lines, and enough for a compressor. */
    private static final int SAMPLES = 300;

    private static final long MOST_BYTES = 200L << 20;
    /** The producer's {@code batch.size}. */
    private static final int BATCH_BYTES = 16_384;

    /** Of what is in use in the heap, some is not the store's. */
    private static final double NOISE = 0.01;

    @TempDir
    private Path directory;

    private record Sample(Bytes key, Bytes value) {

        Sample(BenchOrder order, OrderRecord record) {
            this(keyOf(order), Bytes.wrap(OrderRecordCodec.encode(keyOf(order).get(), record)));
        }
    }

    private static Bytes keyOf(BenchOrder order) {
        return Bytes.wrap(order.key().toString().getBytes(UTF_8));
    }

    private static double mean(List<Sample> samples, Function<Sample, Bytes> part) {
        return samples.stream()
                .mapToInt(sample -> part.apply(sample).get().length)
                .average()
                .orElseThrow();
    }

    private static Map<String, Function<BenchOrder, OrderRecord>> kinds() {
        Map<String, Function<BenchOrder, OrderRecord>> kinds = new LinkedHashMap<>();
        kinds.put("1 parcel", order -> order.shipped(1));
        kinds.put("1 parcel, other ids", order -> otherIds(order).shipped(1));
        kinds.put("1 parcel, scanned", BenchOrder::underWay);
        kinds.put("5 parcels", order -> order.shipped(5));
        kinds.put("50 parcels", order -> order.shipped(50));
        kinds.put("a race", BenchOrder::race);
        kinds.put("a race, other ids", order -> otherIds(order).race());
        return kinds;
    }

    private static BenchOrder otherIds(BenchOrder order) {
        return new BenchOrder(order.number(), false);
    }

    /** By number of lines, and by whether their ids are made of the order's. */
    private static String ofOneParcel() {
        StringBuilder table = new StringBuilder(String.format("%-20s %8s %8s%n", "key + value", "of order", "other"));
        for (int lines = 1; lines <= 3; lines++) {
            int rest = lines - 1;
            List<BenchOrder> orders = IntStream.range(0, SAMPLES)
                    .mapToObj(number -> new BenchOrder(3L * number + rest))
                    .toList();
            table.append(String.format(
                    "%-20s %8.1f %8.1f%n",
                    lines + " in 1 parcel",
                    meanOfAll(orders, order -> order.shipped(1)),
                    meanOfAll(orders, order -> otherIds(order).shipped(1))));
        }
        return table.toString();
    }

    private static double meanOfAll(List<BenchOrder> orders, Function<BenchOrder, OrderRecord> record) {
        List<Sample> samples = orders.stream()
                .map(each -> new Sample(each, record.apply(each)))
                .toList();
        return mean(samples, Sample::key) + mean(samples, Sample::value);
    }

    @Test
    void weighsAnOrder() {
        StringBuilder inChangelog = new StringBuilder(String.format(
                "%-20s %8s %8s %8s %12s %8s %8s%n", "changelog", "key", "value", "alone", "in a batch", "lz4", "zstd"));
        StringBuilder inStores = new StringBuilder(String.format(
                "%-20s %10s %12s %8s %8s %8s %12s%n",
                "stores", "orders", "key + value", "heap", "ratio", "on disk", "compacted"));
        kinds().forEach((kind, order) -> {
            List<Sample> samples = IntStream.range(0, SAMPLES)
                    .mapToObj(BenchOrder::new)
                    .map(each -> new Sample(each, order.apply(each)))
                    .toList();
            inChangelog.append(changelog(kind, samples));
            inStores.append(stores(kind, samples));
        });
        System.out.printf("%nbytes of an order%n%n%s%n%s%n%s%n", ofOneParcel(), inChangelog, inStores);
    }

    // ------------------------------------------------------------------------------------------------ changelog

    private static String changelog(String kind, List<Sample> samples) {
        List<SimpleRecord> records = IntStream.range(0, SAMPLES)
                .mapToObj(number -> new SimpleRecord(
                        BenchOrder.NOW.toEpochMilli() + number,
                        samples.get(number).key().get(),
                        samples.get(number).value().get()))
                .toList();
        double alone = samples.stream()
                .map(sample ->
                        new SimpleRecord(0, sample.key().get(), sample.value().get()))
                .mapToInt(record -> batches(List.of(record), Compression.NONE))
                .average()
                .orElseThrow();
        return String.format(
                "%-20s %8.1f %8.1f %8.1f %12.1f %8.1f %8.1f%n",
                kind,
                mean(samples, Sample::key),
                mean(samples, Sample::value),
                alone,
                (double) batches(records, Compression.NONE) / SAMPLES,
                (double) batches(records, Compression.lz4().build()) / SAMPLES,
                (double) batches(records, Compression.zstd().build()) / SAMPLES);
    }

    /** In how many bytes of its log a broker has them. */
    private static int batches(List<SimpleRecord> records, Compression compression) {
        int bytes = 0;
        MemoryRecordsBuilder batch = batch(compression);
        for (SimpleRecord record : records) {
            if (!batch.hasRoomFor(record.timestamp(), record.key(), record.value(), record.headers())) {
                bytes += batch.build().sizeInBytes();
                batch = batch(compression);
            }
            batch.append(record);
        }
        return bytes + batch.build().sizeInBytes();
    }

    private static MemoryRecordsBuilder batch(Compression compression) {
        return MemoryRecords.builder(ByteBuffer.allocate(BATCH_BYTES), compression, TimestampType.CREATE_TIME, 0);
    }

    // --------------------------------------------------------------------------------------------------- stores

    private String stores(String kind, List<Sample> samples) {
        double values = mean(samples, Sample::value);
        double each = mean(samples, Sample::key) + values;
        int orders = (int) Math.min(Integer.getInteger("bench.orders", 1_000_000), MOST_BYTES / each);
        double inHeap = (double) heap(samples, orders) / orders;
        Path rocksDb = directory.resolve(kind.replaceAll("\\W+", "-"));
        double onDisk = (double) disk(samples, orders, rocksDb) / orders;
        double compacted = (double) compacted(rocksDb) / orders;

        // Less than the values would mean that they are not all there; keys may be stored shorter than they are.
        assertThat(List.of(inHeap, onDisk, compacted)).allMatch(bytes -> bytes > values * (1 - NOISE));
        return String.format(
                "%-20s %,10d %12.1f %8.1f %8.2f %8.1f %12.1f%n",
                kind, orders, each, inHeap, inHeap / each, onDisk, compacted);
    }

    private long heap(List<Sample> samples, int orders) {
        long before = used();
        KeyValueStore<Bytes, byte[]> store =
                open(OrderTopology.Store.MEMORY.orders().get(), directory);
        fill(store, samples, orders);
        long after = used();
        assertThat(store.approximateNumEntries()).isEqualTo(orders);
        store.close();
        return after - before;
    }

    /** Beside the heap too, should a store keep its orders there. */
    private static long used() {
        long least = Long.MAX_VALUE;
        while (true) {
            System.gc();
            long now = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed()
                    + ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                            .mapToLong(BufferPoolMXBean::getMemoryUsed)
                            .sum();
            if (now >= least) {
                return least;
            }
            least = now;
        }
    }

    private static void fill(KeyValueStore<Bytes, byte[]> store, List<Sample> samples, int orders) {
        for (int number = 0; number < orders; number++) {
            store.put(
                    keyOf(new BenchOrder(number)),
                    samples.get(number % SAMPLES).value().get().clone());
        }
    }

    private static long disk(List<Sample> samples, int orders, Path place) {
        KeyValueStore<Bytes, byte[]> store =
                open(OrderTopology.Store.ROCKSDB.orders().get(), place);
        fill(store, samples, orders);
        // Writes what is still in memory.
        store.close();
        return size(place);
    }

    /** With the options that it was made with. */
    private static long compacted(Path place) {
        Path database = place.resolve("rocksdb").resolve(OrderTopology.ORDERS);
        List<ColumnFamilyDescriptor> families = new ArrayList<>();
        List<ColumnFamilyHandle> handles = new ArrayList<>();
        try (ConfigOptions how = new ConfigOptions();
                DBOptions options = new DBOptions()) {
            OptionsUtil.loadLatestOptions(how, database.toString(), options, families);
            try (RocksDB db = RocksDB.open(options, database.toString(), families, handles)) {
                for (ColumnFamilyHandle handle : handles) {
                    db.compactRange(handle);
                }
                handles.forEach(ColumnFamilyHandle::close);
            }
        } catch (RocksDBException e) {
            throw new IllegalStateException(e);
        }
        return size(place);
    }

    private static long size(Path place) {
        try (Stream<Path> files = Files.walk(place)) {
            return files.filter(Files::isRegularFile)
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static KeyValueStore<Bytes, byte[]> open(KeyValueStore<Bytes, byte[]> store, Path place) {
        Properties settings = new Properties();
        settings.put(StreamsConfig.APPLICATION_ID_CONFIG, "order-sync");
        settings.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "none:1");
        settings.put(StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG, BoundedRocksDb.class);
        MockProcessorContext<Void, Void> context =
                new MockProcessorContext<>(settings, new TaskId(0, 0), place.toFile());
        store.init(context.getStateStoreContext(), store);
        return store;
    }
}
