package io.ordersync.alerting;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What a channel's answer means. The reasons are for people, and hold nothing that is secret. */
sealed interface Verdict {

    /** It has it. */
    record Delivered() implements Verdict {}

    /**
     * It never will: to ask again would change nothing.
     *
     * @param forItsContent another letter may be taken: it is not the channel that is refused
     */
    record Refused(String reason, boolean forItsContent) implements Verdict {}

    /**
     * It is there, and takes no more for the moment.
     *
     * @param after how long it asks to be left alone; null: it says nothing
     */
    record TooMany(String reason, @Nullable Duration after) implements Verdict {}

    /**
     * It can't say: it is to be asked again.
     *
     * @param after how long it asks to be left alone; null: it says nothing
     */
    record Unavailable(String reason, @Nullable Duration after) implements Verdict {}

    Verdict DELIVERED = new Delivered();
}
