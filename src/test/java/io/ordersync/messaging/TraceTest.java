package io.ordersync.messaging;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A trace goes on as it came, or not at all. */
class TraceTest {

    private static final String PARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    @Test
    void goesOnAndNothingElseDoes() {
        Headers cause = new RecordHeaders()
                .add("traceparent", "00-00000000000000000000000000000000-0000000000000000-00".getBytes(UTF_8))
                .add("buyer", "Wang Fang".getBytes(UTF_8))
                .add("traceparent", PARENT.getBytes(UTF_8))
                .add("tracestate", "rojo=00f067aa0ba902b7".getBytes(UTF_8));

        assertThat(told(Trace.of(cause)))
                .isEqualTo(Map.of("traceparent", PARENT, "tracestate", "rojo=00f067aa0ba902b7"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "00-xyz",
                PARENT + " and more",
                PARENT + "-more",
                "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
                "cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-Müller",
                "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01"
            })
    void doesNotGoOnWhenItCantBeRead(String parent) {
        Headers cause = new RecordHeaders()
                .add("traceparent", parent.getBytes(UTF_8))
                .add("tracestate", "rojo=1".getBytes(UTF_8));

        assertThat(Trace.of(cause)).isEmpty();
    }

    @Test
    void leavesOutAStateThatIsLongerThanAnybodyHasToHandOn() {
        Headers cause =
                new RecordHeaders().add("traceparent", PARENT.getBytes(UTF_8)).add("tracestate", new byte[513]);

        assertThat(told(Trace.of(cause))).containsOnlyKeys("traceparent");
    }

    @Test
    void isNoneWhereThereIsNone() {
        assertThat(Trace.of(new RecordHeaders())).isEmpty();
        assertThat(Trace.of(new RecordHeaders().add("traceparent", null))).isEmpty();
    }

    @Test
    void goesOnAlsoInALaterVersion() {
        String later = "cc" + PARENT.substring(2) + "-more";

        assertThat(told(Trace.of(new RecordHeaders().add("traceparent", later.getBytes(UTF_8)))))
                .isEqualTo(Map.of("traceparent", later));
    }

    @Test
    void isThatOfWhoSentTheRecord() {
        assertThat(Trace.parentOf(new RecordHeaders().add("traceparent", PARENT.getBytes(UTF_8))))
                .isEqualTo(new Trace.Parent("4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7", true));
        assertThat(Trace.parentOf(new RecordHeaders()
                        .add("traceparent", PARENT.replace("-01", "-02").getBytes(UTF_8))))
                .isEqualTo(new Trace.Parent("4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7", false));
        assertThat(Trace.parentOf(new RecordHeaders())).isNull();
    }

    private static Map<String, String> told(Headers headers) {
        Map<String, String> told = new TreeMap<>();
        headers.forEach(header -> told.put(header.key(), new String(header.value(), UTF_8)));
        return told;
    }
}
