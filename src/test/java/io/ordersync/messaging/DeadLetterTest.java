package io.ordersync.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import io.ordersync.domain.Rejection;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class DeadLetterTest {

    private final Headers original = new RecordHeaders(List.of(
            new RecordHeader("traceparent", new byte[] {0, 1, (byte) 0xff}),
            new RecordHeader("traceparent", null),
            new RecordHeader(DeadLetter.OFFSET, "3".getBytes(StandardCharsets.UTF_8))));

    @DisplayName("81: the reason stands in a header, beside where it was read")
    @Test
    void saysWhereItWasReadAndWhatIsWrong() {
        Headers headers = headers();

        assertThat(text(headers, "order-sync-topic")).isEqualTo("shipment-created");
        assertThat(text(headers, "order-sync-partition")).isEqualTo("11");
        assertThat(text(headers, "order-sync-offset")).isEqualTo("9007199254740993");
        assertThat(text(headers, "order-sync-reason")).isEqualTo("INVALID_FIELD");
        assertThat(text(headers, "order-sync-message")).isEqualTo("orderId ist leer – 空");
    }

    @Test
    void keepsTheHeadersItCameWith() {
        assertThat(headers().headers("traceparent")).containsExactlyElementsOf(original.headers("traceparent"));
    }

    @Test
    void tellsOnlyTheLastDeath() {
        assertThat(headers().headers(DeadLetter.OFFSET)).hasSize(1);
    }

    @Test
    void leavesTheHeadersOfTheRecordAsTheyWere() {
        List<?> before = Arrays.asList(original.toArray());

        assertThat(headers()).isNotSameAs(original);
        assertThat(Arrays.asList(original.toArray())).isEqualTo(before);
    }

    private Headers headers() {
        return DeadLetter.headers(
                "shipment-created",
                11,
                9_007_199_254_740_993L,
                original,
                new Rejection(Rejection.Reason.INVALID_FIELD, "orderId ist leer – 空"));
    }

    private static String text(Headers headers, String name) {
        return new String(headers.lastHeader(name).value(), StandardCharsets.UTF_8);
    }
}
