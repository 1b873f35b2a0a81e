package io.ordersync;

import io.ordersync.dev.DevBroker;
import io.ordersync.dev.DevRegistry;
import io.ordersync.dev.WireDecoder;
import io.ordersync.dev.WireEncoder;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** What the service finds outside: a broker and a registry. They take seconds to start, so a class of tests shares them. */
final class Outside implements AutoCloseable {

    final DevBroker broker = new DevBroker(0);
    final DevRegistry registry = new DevRegistry(0);
    final WireEncoder encoder = new WireEncoder(registry.url());
    final WireDecoder decoder = new WireDecoder(registry.url());
    final Admin admin;
    final Producer<byte[], byte[]> producer;
    private final AtomicInteger shops = new AtomicInteger();

    Outside() {
        admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, broker.bootstrapServers()));
        Properties settings = new Properties();
        settings.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, broker.bootstrapServers());
        producer = new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
    }

    /** Topics and an application id that no other test has. */
    ShopFloor shopFloor(int partitions) {
        return new ShopFloor(this, "shop" + shops.incrementAndGet() + ".", partitions);
    }

    /** The same, but of the inputs only those are there that must be. */
    ShopFloor bareShopFloor(int partitions) {
        return new ShopFloor(this, "shop" + shops.incrementAndGet() + ".", partitions, ShopFloor.REQUIRED);
    }

    @Override
    public void close() {
        producer.close();
        admin.close();
        registry.close();
        broker.close();
    }
}
