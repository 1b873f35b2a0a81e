package io.ordersync.streams;

import io.ordersync.domain.Decision;
import io.ordersync.domain.Effect;
import io.ordersync.domain.Fact;
import io.ordersync.domain.OrderCase;
import io.ordersync.domain.Rejection;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Is told what the stream does, to count it. Called on the stream's threads, before the transaction commits. */
public interface StreamListener {

    /**
     * A fact was taken in.
     *
     * @param fact null: someone asked to forget the order
     */
    void arrived(String topic, @Nullable Fact fact, Decision.Outcome outcome);

    /**
     * A fact called for a command, which is sent now.
     *
     * @param sinceArrival from the timestamp of its record, which is the broker's or the producer's; not negative
     */
    void detected(Duration sinceArrival);

    /** A case opened, for the first time or again. What it says is what it said then. */
    void opened(OrderCase orderCase);

    /** A case was closed. */
    void closed(OrderCase orderCase);

    /** The orders of one more partition are here. */
    void took(OpenOrders open);

    /** They are not any more. */
    void left(OpenOrders open);

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
