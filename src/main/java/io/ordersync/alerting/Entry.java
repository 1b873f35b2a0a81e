package io.ordersync.alerting;

import io.ordersync.contract.OrderAlert;
import java.util.Objects;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * One record of the alerts' topic: as it was read, and what it says.
 *
 * @param before what was said of the same alert before, as far as is remembered; null: nothing
 */
record Entry(
        ConsumerRecord<byte[], byte[]> record,
        OrderAlert alert,
        @Nullable Standing before) {

    String alertId() {
        return Objects.requireNonNull(alert.getAlertId());
    }

    /** The same after every restart, and no other record's. */
    String id() {
        return record.partition() + "-" + record.offset();
    }
}
