package io.ordersync.messaging;

import io.ordersync.contract.OrderAlert;
import io.ordersync.domain.Rejection;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/** Reads the alerts that the service wrote, whoever reads them back. Safe for several threads. */
public final class AlertDecoder {

    private final SchemaRegistry registry;
    private final String topic;
    private final Deserializer<?> deserializer;
    private final Lookahead lookahead;

    public AlertDecoder(SchemaRegistry registry, Topics topics) {
        this.registry = registry;
        topic = topics.orderAlerts();
        deserializer = registry.deserializer(OrderAlert.class);
        lookahead = new Lookahead(this::decode, registry.clock());
    }

    /** Can {@code value} be read without waiting for the registry? If not, that is asked meanwhile. Never waits. */
    public boolean isReadable(byte[] value) {
        return lookahead.isReadable(value);
    }

    /** The alert; null when it can't be read. May wait for the registry when it is not {@link #isReadable}. */
    public @Nullable OrderAlert read(byte[] value) {
        if (lookahead.refusal(value) != null) {
            return null;
        }
        try {
            return decode(value);
        } catch (Rejection e) {
            return null;
        }
    }

    private OrderAlert decode(byte[] value) {
        return registry.read(deserializer, topic, value, OrderAlert.class);
    }
}
