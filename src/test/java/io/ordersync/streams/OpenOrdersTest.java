package io.ordersync.streams;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.ordersync.domain.Alert;
import io.ordersync.domain.InterceptCommand;
import io.ordersync.domain.InterceptResult;
import io.ordersync.domain.OrderCase;
import io.ordersync.domain.OrderKey;
import io.ordersync.domain.ParcelStage;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What is open shows at once, and after a restart as soon as a pass has been over the store. */
@ParameterizedClass
@EnumSource
class OpenOrdersTest {

    private static final Duration A_PASS = Duration.ofSeconds(2);
    private static final Duration ANSWER_WITHIN = Duration.ofMinutes(15);

    private static final OrderKey O2 = new OrderKey("DOUYIN", "shop-1", "O2");

    private final OrderTopology.Store store;

    @TempDir
    Path stateDirectory;

    private TestStream stream;

    OpenOrdersTest(OrderTopology.Store store) {
        this.store = store;
    }

    @BeforeEach
    void start() {
        stream = new TestStream(store, Facts.policy(), stateDirectory);
    }

    @AfterEach
    void stop() {
        stream.close();
    }

    @Test
    void areCountedWhenTheyChange() {
        race(Facts.O1);
        assertThat(open().cases(OrderCase.State.INTERCEPTING)).isEqualTo(1);
        assertThat(open().firing(Alert.Code.REFUNDED_BUT_SHIPPED)).isEqualTo(1);

        stream.pass(ANSWER_WITHIN);
        assertThat(open().firing(Alert.Code.INTERCEPT_UNANSWERED)).isEqualTo(1);

        stream.tell(Facts.O1, Facts.answer(interceptId(), InterceptResult.Status.SUCCEEDED));
        assertThat(open().firing(Alert.Code.INTERCEPT_UNANSWERED)).isZero();
        assertThat(open().cases(OrderCase.State.INTERCEPTING)).isZero();
        assertThat(open().cases(OrderCase.State.RETURNING)).isEqualTo(1);
    }

    @Test
    void areCountedAnewByAPassOverTheStore() {
        race(Facts.O1);
        race(O2);
        OpenOrders fresh = restarted();
        assertThat(fresh.cases(OrderCase.State.INTERCEPTING)).isZero();

        stream.pass(A_PASS);

        assertThat(fresh.cases(OrderCase.State.INTERCEPTING)).isEqualTo(2);
        assertThat(fresh.firing(Alert.Code.REFUNDED_BUT_SHIPPED)).isEqualTo(2);
        // When the parcel was made: that is the later of the two.
        assertThat(fresh.oldest(OrderCase.State.INTERCEPTING)).isEqualTo(Instant.parse("2026-11-20T11:00:00Z"));
        assertThat(fresh.oldest(OrderCase.State.MANUAL)).isNull();
    }

    /** A pass finds what is so, whatever was added and taken off before. */
    @Test
    void areRightAgainAfterTheNextPass() {
        race(Facts.O1);
        OpenOrders fresh = restarted();
        stream.tell(Facts.O1, Facts.answer(interceptId(), InterceptResult.Status.SUCCEEDED));
        assertThat(fresh.cases(OrderCase.State.INTERCEPTING)).isZero();

        stream.pass(A_PASS);
        assertThat(fresh.cases(OrderCase.State.INTERCEPTING)).isZero();
        assertThat(fresh.cases(OrderCase.State.RETURNING)).isEqualTo(1);

        stream.pass(Duration.ofMinutes(61));
        assertThat(fresh.cases(OrderCase.State.RETURNING)).isEqualTo(1);
    }

    /** A pass takes several ticks. What changes in between, before it comes to it or after, counts once, as it is now. */
    @Test
    void areCountedAlsoWhenTheyChangeWhileAPassIsUnderWay() {
        List<OrderKey> races = IntStream.range(0, 60)
                .mapToObj(number -> new OrderKey("DOUYIN", "shop-1", "R" + number))
                .toList();
        races.forEach(this::race);
        List<String> intercepts = interceptIds();
        stream.tell(O2, Facts.parcel(ParcelStage.IN_TRANSIT));
        byte[] quiet = stream.orders().get(Bytes.wrap(O2.toString().getBytes(UTF_8)));
        for (int number = 0; number < 30_000; number++) {
            stream.orders().put(Bytes.wrap(("DOUYIN:shop-1:Q" + number).getBytes(UTF_8)), quiet);
        }
        OpenOrders fresh = restarted();

        stream.pass(Duration.ofSeconds(1));
        assertThat(fresh.cases(OrderCase.State.INTERCEPTING))
                .as("not all of a pass")
                .isZero();
        for (int number = 0; number < 40; number++) {
            stream.tell(races.get(number), Facts.answer(intercepts.get(number), InterceptResult.Status.SUCCEEDED));
        }
        for (int number = 0; number < 10; number++) {
            stream.tell(races.get(number), Facts.returned());
        }
        race(Facts.O1);
        stream.pass(Duration.ofSeconds(1));

        assertThat(fresh.cases(OrderCase.State.INTERCEPTING)).isEqualTo(21);
        assertThat(fresh.cases(OrderCase.State.RETURNING)).isEqualTo(30);
        assertThat(fresh.firing(Alert.Code.REFUNDED_BUT_SHIPPED)).isEqualTo(51);
    }

    @Test
    void areNotCountedOnceTheyAreForgotten() {
        race(Facts.O1);
        stream.pass(Duration.ofDays(181));

        assertThat(open().cases(OrderCase.State.MANUAL)).isZero();
        assertThat(open().firing(Alert.Code.INTERCEPT_UNANSWERED)).isZero();
        assertThat(stream.heard.cases).contains("closed UNKNOWN");
    }

    @Test
    void sayForHowLongDeadlinesAreHeldBack() {
        race(Facts.O1);
        stream.backlog.behind = null;
        stream.pass(ANSWER_WITHIN.plusMinutes(7));
        assertThat(open().deadlinesHeld()).isEqualTo(Duration.ofMinutes(7));

        stream.backlog.behind = Duration.ZERO;
        stream.pass(A_PASS);
        assertThat(open().deadlinesHeld()).isZero();
    }

    @Test
    void tellWhenACaseOpensAndHowItEnds() {
        stream.tellAt(TestStream.NOON.minusSeconds(30), Facts.O1, Facts.refund());
        stream.tellAt(TestStream.NOON.minusSeconds(5), Facts.O1, Facts.parcel(ParcelStage.IN_TRANSIT));
        assertThat(stream.heard.cases)
                .containsExactly("detected after 30 s", "opened INTERCEPTING", "detected after 5 s");

        stream.tell(Facts.O1, Facts.parcel(ParcelStage.IN_TRANSIT));
        assertThat(stream.heard.cases).as("what is not new calls for nothing").hasSize(3);
    }

    private OpenOrders open() {
        return Objects.requireNonNull(stream.heard.open);
    }

    /** The same orders in a stream that has not heard of anything. */
    private OpenOrders restarted() {
        List<KeyValue<Bytes, byte[]>> orders = new ArrayList<>();
        try (var all = stream.orders().all()) {
            all.forEachRemaining(orders::add);
        }
        ToldEdges edges = stream.edges;
        stream.close();
        stream = new TestStream(store, Facts.policy(), stateDirectory.resolve("again"), edges, TestStream.NOON);
        stream.orders().putAll(orders);
        return open();
    }

    private void race(OrderKey order) {
        stream.tell(order, Facts.refund(), Facts.parcel(ParcelStage.IN_TRANSIT));
    }

    private String interceptId() {
        return interceptIds().getFirst();
    }

    private List<String> interceptIds() {
        return stream.edges.written.stream()
                .filter(InterceptCommand.class::isInstance)
                .map(command -> command.id().toString())
                .toList();
    }
}
