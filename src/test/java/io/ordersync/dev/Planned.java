package io.ordersync.dev;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Instant;
import java.util.UUID;
import org.apache.avro.specific.SpecificRecordBase;

/**
 * What someone in the simulated world is going to say.
 *
 * @param at when it happens, which the value has as its business time, and when it is said
 * @param course nothing is said once it is left
 */
record Planned(Instant at, SpecificRecordBase value, Course course) {
    /** Whatever comes. */
    Planned(Instant at, SpecificRecordBase value) {
        this(at, value, new Course());
    }

    /** The id of an event: a UUID of what it is about. */
    static String eventId(String about, Object what, Instant at) {
        return UUID.nameUUIDFromBytes((about + '|' + what + '|' + at).getBytes(UTF_8))
                .toString();
    }

    static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }
}
