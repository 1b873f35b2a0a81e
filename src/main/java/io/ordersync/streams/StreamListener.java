package io.ordersync.streams;

import io.ordersync.domain.Decision;
import io.ordersync.domain.Effect;
import io.ordersync.domain.Rejection;

/** Is told what the stream does, to count it. Called on the stream's threads, before the transaction commits. */
public interface StreamListener {

    /** A fact was taken in. */
    void arrived(String topic, Decision.Outcome outcome);

    /** A record came to another partition than its order's, and was sent there. */
    void strayed(String topic);

    /** A record was put to the dead letters. */
    void rejected(String topic, Rejection rejection);

    /** A record had no value, and was passed over. */
    void passedOver(String topic);

    /** A command, an alert or a case was sent. */
    void sent(Effect effect);

    /** A command would have been sent, and the shadow mode kept it back. */
    void withheld(Effect command);

    /** So many answers that waited for their command gave way to later ones. */
    void answersDropped(int count);

    /** An order was forgotten. */
    void forgotten();

    /** Someone asked to forget an order: at once, or as soon as nothing of it is open. */
    void erased();

    /** Something of an order was not answered in time. */
    void deadlinesPassed();

    /** A bug of ours: what time alone would have done to an order failed, and is tried again later. */
    void failed();
}
