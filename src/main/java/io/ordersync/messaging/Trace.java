package io.ordersync.messaging;

import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/**
 * The trace that a record belongs to, in the headers of W3C's Trace Context, as OpenTelemetry's clients write them. The service
 * takes no part in a trace, and hands it on as it came (Trace Context, 3.2: a participant may forward it unchanged).
 */
public final class Trace {

    public static final String PARENT = "traceparent";
    public static final String STATE = "tracestate";

    /** Version 00; a later one may go on after a hyphen, and ff is none. Ids of zeros are none (Trace Context, 3.2.2). */
    private static final Pattern PARENTS = Pattern.compile(
            "(?!ff)[0-9a-f]{2}-(?!0+-)([0-9a-f]{32})-(?!0+-)([0-9a-f]{16})-([0-9a-f]{2})((?<!^00.{53})-[ -~]{0,64})?");

    /** As much as every participant has to hand on (Trace Context, 3.3.1.5). */
    private static final int LONGEST_STATE = 512;

    /** The bit of the flags that says that the trace is kept (Trace Context, 3.2.2.5.1). */
    private static final int SAMPLED = 1;

    private Trace() {}

    /**
     * Who sent a record.
     *
     * @param traceId 32 hexadecimal digits
     * @param spanId 16 hexadecimal digits
     * @param sampled is the trace kept anywhere?
     */
    public record Parent(String traceId, String spanId, boolean sampled) {}

    /** What the headers of a record say of its trace; null: nothing that can be read. */
    public static @Nullable Parent parentOf(Headers headers) {
        Header header = headers.lastHeader(PARENT);
        if (header == null || header.value() == null) {
            return null;
        }
        Matcher parent = PARENTS.matcher(new String(header.value(), StandardCharsets.US_ASCII));
        return parent.matches()
                ? new Parent(parent.group(1), parent.group(2), (Integer.parseInt(parent.group(3), 16) & SAMPLED) != 0)
                : null;
    }

    /** What of a record's headers goes on to what it causes to be sent; none, when there is no trace that can be read. */
    public static Headers of(Headers cause) {
        Headers trace = new RecordHeaders();
        if (parentOf(cause) == null) {
            return trace;
        }
        trace.add(cause.lastHeader(PARENT));
        Header state = cause.lastHeader(STATE);
        if (state != null && state.value() != null && state.value().length <= LONGEST_STATE) {
            trace.add(STATE, state.value());
        }
        return trace;
    }
}
