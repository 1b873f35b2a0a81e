package io.ordersync.messaging;

import io.ordersync.domain.Rejection;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;

/**
 * What is said of an input that can't be taken in. Key and value go to the dead letters byte for byte as they came; these
 * headers stand beside those they came with. All are text in UTF-8, numbers in decimal.
 */
public final class DeadLetter {

    public static final String TOPIC = "order-sync-topic";
    public static final String PARTITION = "order-sync-partition";
    public static final String OFFSET = "order-sync-offset";
    /** The name of the {@link Rejection.Reason}. */
    public static final String REASON = "order-sync-reason";
    /** What is wrong; names a field, never its value. */
    public static final String MESSAGE = "order-sync-message";

    private DeadLetter() {}

    /** The headers of a dead letter; {@code original} stays as it is. One that died before has only its last reason. */
    public static Headers headers(String topic, int partition, long offset, Headers original, Rejection rejection) {
        Headers headers = new RecordHeaders(original);
        set(headers, TOPIC, topic);
        set(headers, PARTITION, Integer.toString(partition));
        set(headers, OFFSET, Long.toString(offset));
        set(headers, REASON, rejection.reason().name());
        set(headers, MESSAGE, Objects.requireNonNullElse(rejection.getMessage(), ""));
        return headers;
    }

    private static void set(Headers headers, String name, String text) {
        headers.remove(name).add(name, text.getBytes(StandardCharsets.UTF_8));
    }
}
