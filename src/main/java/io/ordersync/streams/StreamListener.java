package io.ordersync.streams;

import io.ordersync.domain.Decision;
import io.ordersync.domain.Effect;
import io.ordersync.domain.Rejection;

/** Is told what the stream does, to count it. Called on the stream's threads, before the transaction commits. */
public interface StreamListener {

    /** A fact was taken in. */
    void arrived(String topic, Decision.Outcome outcome);

    /** A record was put to the dead letters. */
    void rejected(String topic, Rejection rejection);

    /** A record had no value, and was passed over. */
    void passedOver(String topic);

    /** A command or an alert was sent. */
    void sent(Effect effect);

    /** An order was forgotten. */
    void forgotten();
}
