package io.ordersync.dev;

import java.time.Duration;
import org.apache.avro.specific.SpecificRecordBase;

/**
 * A record that the shop is about to send.
 *
 * @param due when, counted from the shop's opening
 * @param key the order key
 */
record ShopEvent(Duration due, String topic, String key, SpecificRecordBase value, Role role) {
    /** What the record means for its order. */
    enum Role {
        OPENS_ORDER,
        GOES_ON,
        COMPLETES_RACE,
        DUPLICATE
    }
}
