package io.ordersync.alerting;

import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Takes what a channel refused for good. */
public interface Undelivered {

    /**
     * Returns when it is kept.
     *
     * @param record as it was read
     * @param reason for people; nothing in it is secret
     * @throws RuntimeException when it is not known to be kept: the channel asks again
     */
    void put(ConsumerRecord<byte[], byte[]> record, String channel, String reason);
}
