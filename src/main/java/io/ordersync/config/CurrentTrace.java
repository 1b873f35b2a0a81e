package io.ordersync.config;

import io.ordersync.messaging.Trace;
import io.prometheus.metrics.tracer.common.SpanContext;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/**
 * The trace of the record that a thread processes, for its log lines and as the example of what is measured. The service
 * makes no spans of its own: the span is the one that sent the record.
 */
final class CurrentTrace implements SpanContext {

    /** As the Elastic Common Schema names them. */
    private static final String TRACE_ID = "trace.id";

    private static final String SPAN_ID = "span.id";
    private static final String SAMPLED = "trace.sampled";

    /** From now on this thread works for the trace in {@code headers}; for none, when there is none that can be read. */
    static void set(Headers headers) {
        Trace.Parent parent = Trace.parentOf(headers);
        if (parent == null) {
            // Most records have none, and nothing is to be removed then.
            if (MDC.get(TRACE_ID) != null) {
                MDC.remove(TRACE_ID);
                MDC.remove(SPAN_ID);
                MDC.remove(SAMPLED);
            }
        } else {
            MDC.put(TRACE_ID, parent.traceId());
            MDC.put(SPAN_ID, parent.spanId());
            MDC.put(SAMPLED, String.valueOf(parent.sampled()));
        }
    }

    @Override
    public @Nullable String getCurrentTraceId() {
        return MDC.get(TRACE_ID);
    }

    @Override
    public @Nullable String getCurrentSpanId() {
        return MDC.get(SPAN_ID);
    }

    /** Of a trace that nobody keeps there is nothing to look at. */
    @Override
    public boolean isCurrentSpanSampled() {
        return Boolean.parseBoolean(MDC.get(SAMPLED));
    }

    @Override
    public void markCurrentSpanAsExemplar() {
        // It is somebody else's span, and ended.
    }
}
