package io.ordersync.streams;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.ordersync.domain.Fact;
import io.ordersync.domain.ParcelStage;
import io.ordersync.domain.RefundClosed;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What becomes of an order that is forgotten, on demand or in time, and of its case with those who keep it. */
@ParameterizedClass
@EnumSource
class ErasingTest {

    private static final String KEY = "DOUYIN:shop-1:O1";
    private static final String TOMBSTONE = "-";

    private final OrderTopology.Store store;

    @TempDir
    Path stateDirectory;

    private TestStream stream;

    ErasingTest(OrderTopology.Store store) {
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
    void forgetsAnOrderWithNothingOpenAtOnce() {
        stream.tell(Facts.O1, Facts.parcel(ParcelStage.IN_TRANSIT));
        stream.heard.all.clear();

        stream.erase(KEY);

        assertThat(TestStream.keys(stream.orders())).isEmpty();
        assertThat(stream.records(TestStream.CASES)).singleElement().satisfies(tombstone -> {
            assertThat(tombstone.key()).asString(UTF_8).isEqualTo(KEY);
            assertThat(tombstone.value()).isNull();
        });
        assertThat(stream.records(TestStream.ORDERS_CHANGELOG)).last().satisfies(entry -> {
            assertThat(entry.key()).asString(UTF_8).isEqualTo(KEY);
            assertThat(entry.value()).isNull();
        });
        assertThat(stream.heard.all).containsExactly("forgotten", "arrived case-resolutions NEWS", "erased");
    }

    @Test
    void waitsUntilTheCaseIsClosed() {
        // Delivered: nothing was sent for the parcel whose answer would be waited for.
        stream.tell(Facts.O1, Facts.refund(), Facts.parcel(ParcelStage.DELIVERED));
        stream.out(TestStream.CASES);

        stream.erase(KEY);
        assertThat(TestStream.keys(stream.orders())).hasSize(1);
        assertThat(stream.out(TestStream.CASES)).doesNotContain(TOMBSTONE);

        stream.tell(Facts.O1, close());
        assertThat(TestStream.keys(stream.orders())).isEmpty();
        assertThat(TestStream.keys(stream.timers())).isEmpty();
        assertThat(stream.out(TestStream.CASES)).containsExactly("CLOSED REFUND_CLOSED", TOMBSTONE);
        assertThat(stream.out(TestStream.ALERTS)).last().asString().endsWith("RESOLVED");
    }

    @Test
    void tellsThoseWhoKeepTheCaseOfAnOrderNotHeardOf() {
        stream.erase(KEY);

        assertThat(stream.out(TestStream.CASES)).containsExactly(TOMBSTONE);
        assertThat(stream.records(TestStream.ORDERS_CHANGELOG)).isEmpty();
        assertThat(stream.heard.all).containsExactly("arrived case-resolutions NEWS", "erased");
    }

    @Test
    void refusesAKeyThatIsNoOrders() {
        stream.erase("O1");

        assertThat(stream.records(TestStream.DEAD_LETTERS)).singleElement().satisfies(letter -> {
            assertThat(letter.key()).asString(UTF_8).isEqualTo("O1");
            assertThat(letter.value()).isNull();
            assertThat(letter.headers().lastHeader("reason").value())
                    .asString(UTF_8)
                    .isEqualTo("INVALID_FIELD");
        });
        assertThat(stream.out(TestStream.CASES)).isEmpty();
        assertThat(stream.heard.all).containsExactly("rejected case-resolutions INVALID_FIELD");
    }

    @Test
    void passesOverOtherRecordsWithoutValue() {
        stream.tell(Facts.O1, Facts.parcel(ParcelStage.IN_TRANSIT));
        stream.pipe(TestStream.EVENTS, KEY.getBytes(UTF_8), null);

        assertThat(TestStream.keys(stream.orders())).hasSize(1);
        assertThat(stream.out(TestStream.CASES)).isEmpty();
        assertThat(stream.heard.all).endsWith("passed over events");
    }

    @Test
    void forgetsTheCaseOfAnOrderWhoseTimeIsUp() {
        stream.tell(Facts.O1, Facts.refund(), Facts.parcel(ParcelStage.DELIVERED), close());
        assertThat(stream.out(TestStream.CASES)).last().isEqualTo("CLOSED REFUND_CLOSED");

        stream.pass(Duration.ofDays(46));

        assertThat(TestStream.keys(stream.orders())).isEmpty();
        assertThat(stream.out(TestStream.CASES)).containsExactly(TOMBSTONE);
        assertThat(stream.heard.all).endsWith("forgotten");
    }

    @Test
    void closesTheCaseOfAnOrderNotHeardOfForTooLong() {
        stream.tell(Facts.O1, Facts.refund(), Facts.parcel(ParcelStage.IN_TRANSIT));
        stream.pass(Duration.ofHours(1));
        stream.out(TestStream.CASES);

        stream.pass(Duration.ofDays(181));

        assertThat(stream.out(TestStream.CASES)).containsExactly("CLOSED UNKNOWN", TOMBSTONE);
    }

    @Test
    void saysNothingOfACaseThatNeverWas() {
        stream.tell(Facts.O1, Facts.parcel(ParcelStage.IN_TRANSIT));
        stream.pass(Duration.ofDays(46));

        assertThat(TestStream.keys(stream.orders())).isEmpty();
        assertThat(stream.out(TestStream.CASES)).isEmpty();
    }

    private static RefundClosed close() {
        return new RefundClosed(
                new Fact.Source(0, 0), "event of a close", "R1", 1, RefundClosed.Outcome.WITHDRAWN, TestStream.NOON);
    }
}
