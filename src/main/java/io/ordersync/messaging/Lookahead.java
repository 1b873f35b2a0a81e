package io.ordersync.messaging;

import io.ordersync.domain.Rejection;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which values can be read without asking the registry: those whose schema ids were met before. Others are read once, and
 * thrown away, on threads beside those that must not wait. Safe for several threads.
 */
final class Lookahead {

    private static final Logger LOG = LoggerFactory.getLogger(Lookahead.class);
    private static final int HEADER_BYTES = 1 + Integer.BYTES;

    /** An id that the registry does not know may be registered later. */
    private static final Duration REFUSAL_LASTS = Duration.ofSeconds(1);
    /** Who sends random bytes must not fill the heap. */
    private static final int MOST_REFUSALS = 1_000;

    private final Consumer<byte[]> reading;
    private final Clock clock;
    private final Set<Integer> known = ConcurrentHashMap.newKeySet();
    private final Set<Integer> asked = ConcurrentHashMap.newKeySet();
    private final Map<Integer, Refusal> refused = new ConcurrentHashMap<>();

    private record Refusal(Instant since, RuntimeException failure) {}

    /** @param reading of a value; waits for the registry, and fails when the value can't be read or the wait was ended */
    Lookahead(Consumer<byte[]> reading, Clock clock) {
        this.reading = reading;
        this.clock = clock;
    }

    /** True when {@code value} can be read, or found unreadable, at once. */
    boolean isReadable(byte[] value) {
        if (!hasId(value)) {
            return true;
        }
        Integer id = id(value);
        if (known.contains(id) || refusal(id) != null) {
            return true;
        }
        if (asked.add(id)) {
            Thread.ofVirtual().name("schema-" + id).start(() -> ask(id, value));
        }
        return false;
    }

    /** How a value of this id failed a moment ago, if it was for its id; null: it is to be read. */
    @Nullable
    RuntimeException refusal(byte[] value) {
        return hasId(value) ? refusal(id(value)) : null;
    }

    private @Nullable RuntimeException refusal(Integer id) {
        Refusal refusal = refused.get(id);
        if (refusal == null) {
            return null;
        }
        if (clock.instant().isBefore(refusal.since().plus(REFUSAL_LASTS))) {
            return refusal.failure();
        }
        refused.remove(id, refusal);
        return null;
    }

    private void ask(Integer id, byte[] value) {
        try {
            reading.accept(value);
            known.add(id);
        } catch (RegistryUnavailable e) {
            LOG.debug("no longer waiting for schema {}", id, e);
        } catch (Rejection e) {
            if (e.reason() == Rejection.Reason.UNKNOWN_SCHEMA) {
                refuse(id, e);
            } else {
                // This value can't be read, but its schema is known.
                known.add(id);
            }
        } catch (RuntimeException e) {
            refuse(id, e);
        } finally {
            asked.remove(id);
        }
    }

    private void refuse(Integer id, RuntimeException failure) {
        LOG.debug("schema {} can't be read", id, failure);
        if (refused.size() >= MOST_REFUSALS) {
            refused.clear();
        }
        refused.put(id, new Refusal(clock.instant(), failure));
    }

    private static boolean hasId(byte[] value) {
        return value.length >= HEADER_BYTES && value[0] == 0;
    }

    private static Integer id(byte[] value) {
        return ByteBuffer.wrap(value).getInt(1);
    }
}
