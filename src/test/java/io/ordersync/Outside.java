package io.ordersync;

import io.ordersync.dev.DevRegistry;
import io.ordersync.dev.TestBroker;
import io.ordersync.dev.WireDecoder;
import io.ordersync.dev.WireEncoder;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** What the service finds outside: a broker and a registry. They take seconds to start, so a class of tests shares them. */
final class Outside implements AutoCloseable {

    final TestBroker broker;
    final String registryUrl;
    final WireEncoder encoder;
    final WireDecoder decoder;
    final Admin admin;
    final Producer<byte[], byte[]> producer;
    private final @Nullable DevRegistry registry;
    private final AtomicInteger shops = new AtomicInteger();

    Outside() {
        this(TestBroker.start(), new DevRegistry(0), null);
    }

    /** With a broker of its own, which is closed with it. */
    Outside(TestBroker broker) {
        this(broker, new DevRegistry(0), null);
    }

    /** With a registry of its own, which is not closed with it. */
    Outside(String registryUrl) {
        this(TestBroker.start(), null, registryUrl);
    }

    private Outside(TestBroker broker, @Nullable DevRegistry registry, @Nullable String registryUrl) {
        this.broker = broker;
        this.registry = registry;
        this.registryUrl = registry == null ? Objects.requireNonNull(registryUrl) : registry.url();
        encoder = new WireEncoder(this.registryUrl);
        decoder = new WireDecoder(this.registryUrl);
        admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, broker.bootstrapServers()));
        Properties settings = new Properties();
        settings.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, broker.bootstrapServers());
        // Of a topic just made, the first batch may be refused and a later one taken: the first never is then.
        settings.put(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, 1);
        producer = new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
    }

    /** Topics and an application id that no other test has. */
    ShopFloor shopFloor(int partitions) {
        return shopFloor(ofAll(ShopFloor.INPUTS, partitions));
    }

    /** The same, but of the inputs only those are there that must be. */
    ShopFloor bareShopFloor(int partitions) {
        return shopFloor(ofAll(ShopFloor.REQUIRED, partitions));
    }

    /** The same; only these inputs are there, each with so many partitions. */
    ShopFloor shopFloor(Map<String, Integer> partitions) {
        return new ShopFloor(this, "shop" + shops.incrementAndGet() + ".", partitions);
    }

    private static Map<String, Integer> ofAll(List<String> topics, int partitions) {
        return topics.stream().collect(Collectors.toMap(Function.identity(), topic -> partitions));
    }

    @Override
    public void close() {
        producer.close();
        admin.close();
        if (registry != null) {
            registry.close();
        }
        broker.close();
    }
}
