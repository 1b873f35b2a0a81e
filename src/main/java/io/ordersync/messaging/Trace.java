package io.ordersync.messaging;

import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;

/**
 * The trace that a record belongs to, in the headers of W3C's Trace Context, as OpenTelemetry's clients write them. The service
 * takes no part in a trace, and hands it on as it came (Trace Context, 3.2: a participant may forward it unchanged).
 */
public final class Trace {

    public static final String PARENT = "traceparent";
    public static final String STATE = "tracestate";

    /** Version 00; a later one may go on after a hyphen. */
    private static final Pattern PARENTS =
            Pattern.compile("[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}(-.{0,64})?");

    /** As much as every participant has to hand on (Trace Context, 3.3.1.5). */
    private static final int LONGEST_STATE = 512;

    private Trace() {}

    /** What of a record's headers goes on to what it causes to be sent; none, when there is no trace that can be read. */
    public static Headers of(Headers cause) {
        Headers trace = new RecordHeaders();
        Header parent = cause.lastHeader(PARENT);
        if (parent == null
                || parent.value() == null
                || !PARENTS.matcher(new String(parent.value(), StandardCharsets.US_ASCII))
                        .matches()) {
            return trace;
        }
        trace.add(PARENT, parent.value());
        Header state = cause.lastHeader(STATE);
        if (state != null && state.value() != null && state.value().length <= LONGEST_STATE) {
            trace.add(STATE, state.value());
        }
        return trace;
    }
}
