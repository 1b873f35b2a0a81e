package io.ordersync.alerting;

import java.time.Duration;

/** Is told what becomes of alerts. Called by the threads of the channels. */
public interface RelayListener {

    /**
     * A record of the alerts' topic is done for a channel.
     *
     * @param channel its name
     */
    void done(String channel, Outcome outcome);

    /**
     * A request got an answer that ends it.
     *
     * @param sinceRecord from the timestamp of the oldest record it told, by the wall clock; not negative
     */
    void told(String channel, Duration sinceRecord);

    /** What may become of a record. */
    enum Outcome {
        /** The channel has it. */
        DELIVERED,
        /** The channel refused it for good: it stands in the topic of the undelivered. */
        UNDELIVERED,
        /** None of the channel's routes asks for it. */
        UNROUTED,
        /** It asks for nothing else than what the channel was told last of this alert. */
        UNCHANGED
    }
}
