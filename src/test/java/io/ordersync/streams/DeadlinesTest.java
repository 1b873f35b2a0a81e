package io.ordersync.streams;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.ordersync.domain.InterceptCommand;
import io.ordersync.domain.InterceptResult;
import io.ordersync.domain.OrderKey;
import io.ordersync.domain.ParcelStage;
import io.ordersync.domain.RefundApproved;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.kafka.common.utils.Bytes;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** The clock is looked at every second. */
@ParameterizedClass
@EnumSource
class DeadlinesTest {

    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration ANSWER_WITHIN = Duration.ofMinutes(15);
    private static final Instant ANSWER_BY = TestStream.NOON.plus(ANSWER_WITHIN);
    private static final String FOUND = "REFUNDED_BUT_SHIPPED FIRING";
    private static final String UNANSWERED = "INTERCEPT_UNANSWERED FIRING";

    private final OrderTopology.Store store;

    @TempDir
    Path stateDirectory;

    private TestStream stream;

    DeadlinesTest(OrderTopology.Store store) {
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
    void passOnceWhenNobodyAnswered() {
        race(Facts.O1);

        stream.pass(ANSWER_WITHIN.minus(SECOND));
        assertThat(stream.out(TestStream.ALERTS)).containsExactly(FOUND);
        stream.heard.all.clear();

        stream.pass(SECOND);
        assertThat(stream.records(TestStream.ALERTS)).singleElement().satisfies(alert -> {
            assertThat(alert.key()).asString(UTF_8).isEqualTo("DOUYIN:shop-1:O1");
            assertThat(alert.value()).asString(UTF_8).startsWith(UNANSWERED);
            assertThat(alert.getRecordTime()).isEqualTo(ANSWER_BY);
        });
        assertThat(stream.heard.all).containsExactly("sent Alert", "deadlines passed");
        assertThat(timers()).isEmpty();

        stream.pass(Duration.ofHours(1));
        assertThat(stream.out(TestStream.ALERTS)).isEmpty();
    }

    /** A part of the store that can't be read is passed over without a word: within an hour it is noticed. */
    @Test
    void passThoughTheirTimerWasLost() {
        stream.pass(SECOND);
        race(Facts.O1);
        TestStream.keys(stream.timers()).forEach(timer -> stream.timers().delete(timer));

        stream.pass(ANSWER_WITHIN);
        assertThat(stream.out(TestStream.ALERTS)).containsExactly(FOUND);

        stream.pass(Duration.ofHours(2));
        assertThat(stream.out(TestStream.ALERTS)).containsExactly(UNANSWERED);
        assertThat(timers()).isEmpty();
    }

    @Test
    void doNotPassWhenTheAnswerCameInTime() {
        race(Facts.O1);
        assertThat(timers()).containsExactly("DOUYIN:shop-1:O1 at " + ANSWER_BY);

        stream.pass(ANSWER_WITHIN.minus(SECOND));
        stream.tell(Facts.O1, Facts.answer(interceptId(), InterceptResult.Status.ACCEPTED));
        stream.pass(Duration.ofHours(1));

        assertThat(timers()).isEmpty();
        assertThat(stream.out(TestStream.ALERTS)).contains(FOUND).doesNotContain(UNANSWERED);
    }

    @Test
    void moveWithWhatIsWaitedFor() {
        stream.tell(Facts.O1, Facts.parcel(ParcelStage.LABEL_CREATED), Facts.refund());
        assertThat(stream.out(TestStream.LOCKS)).anyMatch(lock -> lock.startsWith("PULL_PARCEL"));
        assertThat(timers()).containsExactly("DOUYIN:shop-1:O1 at 2026-11-20T12:30:00Z");

        // Nobody said that it was pulled: by now the courier may have it.
        stream.pass(Duration.ofMinutes(30));
        assertThat(stream.out(TestStream.INTERCEPTS)).containsExactly("INTERCEPT S1");
        assertThat(timers()).containsExactly("DOUYIN:shop-1:O1 at 2026-11-20T12:45:00Z");

        stream.pass(ANSWER_WITHIN);
        assertThat(stream.out(TestStream.ALERTS)).contains(UNANSWERED);
        assertThat(timers()).isEmpty();
    }

    /** A courier has all its time from when it is asked, however long the inputs took to be worked off. */
    @Test
    void areMetWithTheTimeThen() {
        stream.tell(Facts.O1, Facts.parcel(ParcelStage.LABEL_CREATED), Facts.refund());
        stream.backlog.behind = Duration.ofMinutes(20);

        stream.pass(Duration.ofMinutes(49));
        assertThat(stream.out(TestStream.INTERCEPTS)).isEmpty();
        stream.pass(Duration.ofMinutes(1));
        assertThat(stream.out(TestStream.INTERCEPTS)).containsExactly("INTERCEPT S1");
        assertThat(timers()).containsExactly("DOUYIN:shop-1:O1 at 2026-11-20T13:05:00Z");
    }

    @Test
    void areKeptForOrdersThatWaitForSomethingAlone() {
        stream.tell(Facts.O1, Facts.refund());
        stream.tell(order(2), Facts.parcel(ParcelStage.IN_TRANSIT));

        assertThat(TestStream.keys(stream.orders())).hasSize(2);
        assertThat(timers()).isEmpty();
        assertThat(stream.records(TestStream.TIMERS_CHANGELOG)).isEmpty();
    }

    /** What stands in stores and changelogs: to change these bytes is a migration. */
    @Test
    void areKeptUnderTheirTimeAndTheOrder() {
        race(Facts.O1);

        byte[] key = "........DOUYIN:shop-1:O1".getBytes(UTF_8);
        ByteBuffer.wrap(key).putLong(ANSWER_BY.toEpochMilli());
        assertThat(stream.records(TestStream.TIMERS_CHANGELOG)).singleElement().satisfies(entry -> {
            assertThat(entry.key()).isEqualTo(key);
            assertThat(entry.value()).isEmpty();
        });
    }

    /** A broker refuses a record more than an hour in the future, and that would kill one thread after the other. */
    @Test
    void areKeptAtNoTimeInTheFutureWhateverTheClockOfAProducer() {
        stream.tellAt(TestStream.NOON.plus(Duration.ofDays(366)), Facts.O1, Facts.refund());
        stream.tellAt(TestStream.NOON.plus(Duration.ofDays(366)), Facts.O1, Facts.parcel(ParcelStage.IN_TRANSIT));

        assertThat(stream.records(TestStream.TIMERS_CHANGELOG))
                .singleElement()
                .satisfies(entry -> assertThat(entry.getRecordTime()).isEqualTo(TestStream.NOON));
    }

    @Test
    void waitForTheBacklogHoweverLongItIs() {
        race(Facts.O1);
        stream.backlog.behind = null;

        stream.pass(Duration.ofHours(3));
        assertThat(stream.out(TestStream.ALERTS)).containsExactly(FOUND);

        stream.tell(Facts.O1, Facts.answer(interceptId(), InterceptResult.Status.ACCEPTED));
        stream.backlog.behind = Duration.ZERO;
        stream.pass(SECOND);
        assertThat(stream.out(TestStream.ALERTS)).doesNotContain(UNANSWERED);
        assertThat(timers()).isEmpty();
    }

    @Test
    void passAsSoonAsTheBacklogIsWorkedOff() {
        race(Facts.O1);
        stream.backlog.behind = null;
        stream.pass(Duration.ofHours(3));
        stream.out(TestStream.ALERTS);

        stream.backlog.behind = Duration.ZERO;
        stream.pass(SECOND);

        assertThat(stream.out(TestStream.ALERTS)).containsExactly(UNANSWERED);
    }

    @Test
    void passAsOfTheMomentByWhichTheBacklogIsWorkedOff() {
        race(Facts.O1);
        stream.backlog.behind = Duration.ofSeconds(7);

        stream.pass(ANSWER_WITHIN.plusSeconds(6));
        assertThat(stream.out(TestStream.ALERTS)).containsExactly(FOUND);

        stream.pass(SECOND);
        assertThat(stream.out(TestStream.ALERTS)).containsExactly(UNANSWERED);
    }

    /** One order waits for two answers, a second apart: what is said to the second one may be in the backlog. */
    @Test
    void passOneByOneInOneOrder() {
        stream.close();
        stream = new TestStream(store, Facts.policy(ANSWER_WITHIN, false), stateDirectory);
        stream.tell(Facts.O1, Facts.refundOfTwo());
        stream.pass(SECOND);
        stream.tell(Facts.O1, Facts.parcel(ParcelStage.IN_TRANSIT));
        stream.out(TestStream.ALERTS);
        stream.backlog.behind = SECOND;

        stream.pass(ANSWER_WITHIN);
        assertThat(stream.out(TestStream.ALERTS)).containsExactly("LOCK_UNANSWERED FIRING");

        stream.pass(SECOND);
        assertThat(stream.out(TestStream.ALERTS)).containsExactly(UNANSWERED);
    }

    @Test
    void areSoManyAtOnceAndTheRestAtTheNextTick() {
        List<OrderKey> orders = IntStream.rangeClosed(1, OrderProcessor.MAX_DEADLINES + 5)
                .mapToObj(DeadlinesTest::order)
                .toList();
        orders.forEach(this::race);
        stream.out(TestStream.ALERTS);

        stream.pass(ANSWER_WITHIN);
        assertThat(stream.out(TestStream.ALERTS)).hasSize(OrderProcessor.MAX_DEADLINES);

        stream.pass(SECOND);
        assertThat(stream.out(TestStream.ALERTS)).hasSize(5).containsOnly(UNANSWERED);
        assertThat(timers()).isEmpty();
    }

    @Test
    void ofOthersPassWhenOneFails() {
        List<OrderKey> orders = List.of(order(1), order(2), order(3));
        orders.forEach(this::race);
        stream.out(TestStream.ALERTS);
        byte[] before = stored(order(2));
        stream.edges.broken.add(order(2));

        stream.pass(ANSWER_WITHIN);
        assertThat(stream.out(TestStream.ALERTS)).containsExactly(UNANSWERED, UNANSWERED);
        assertThat(stored(order(2))).isEqualTo(before);
        assertThat(Collections.frequency(stream.heard.all, "failed")).isEqualTo(1);

        stream.pass(Duration.ofSeconds(59));
        assertThat(Collections.frequency(stream.heard.all, "failed")).isEqualTo(1);

        stream.pass(SECOND);
        assertThat(Collections.frequency(stream.heard.all, "failed")).isEqualTo(2);

        stream.edges.broken.clear();
        stream.pass(Duration.ofMinutes(1));
        assertThat(stream.out(TestStream.ALERTS)).containsExactly(UNANSWERED);
        assertThat(timers()).isEmpty();
    }

    /** A pass each hour finds that its timer is not where its record says. */
    @Test
    void thatFailAreTriedAgainOnceAMinuteHoweverLong() {
        race(Facts.O1);
        stream.edges.broken.add(Facts.O1);

        stream.pass(ANSWER_WITHIN);
        for (int minute = 0; minute < 3 * 60; minute++) {
            stream.pass(Duration.ofMinutes(1));
        }

        assertThat(Collections.frequency(stream.heard.all, "failed")).isEqualTo(1 + 3 * 60);
        assertThat(timers()).hasSize(1);
    }

    @Test
    void thatFailedAreForgottenWhenTheAnswerCame() {
        race(Facts.O1);
        stream.edges.broken.add(Facts.O1);
        stream.pass(ANSWER_WITHIN);
        stream.edges.broken.clear();
        stream.out(TestStream.ALERTS);

        stream.tell(Facts.O1, Facts.answer(interceptId(), InterceptResult.Status.ACCEPTED));
        stream.pass(Duration.ofHours(1));

        assertThat(stream.out(TestStream.ALERTS)).doesNotContain(UNANSWERED);
        assertThat(stream.heard.all).doesNotContain("deadlines passed");
        assertThat(timers()).isEmpty();
    }

    @Test
    void areForgottenWithTheirOrder() {
        race(Facts.O1);
        race(order(2));
        stream.erase(order(2).toString());
        assertThat(timers()).as("its case is open").hasSize(2);

        stream.backlog.behind = null;
        stream.pass(Duration.ofDays(182));

        assertThat(TestStream.keys(stream.orders())).isEmpty();
        assertThat(timers()).isEmpty();
    }

    @Test
    void sayNothingOfARefundThatNobodyShips() {
        stream.tell(Facts.O1, Facts.refund(RefundApproved.Kind.RETURN_AND_REFUND));
        stream.pass(Duration.ofDays(1));

        assertThat(stream.heard.all).containsExactly("arrived events NEWS");
    }

    private void race(OrderKey order) {
        stream.tell(order, Facts.refund(), Facts.parcel(ParcelStage.IN_TRANSIT));
    }

    private String interceptId() {
        return stream.edges.written.stream()
                .filter(InterceptCommand.class::isInstance)
                .map(command -> command.id().toString())
                .toList()
                .getFirst();
    }

    private static OrderKey order(int number) {
        return new OrderKey("DOUYIN", "shop-1", "O" + number);
    }

    private byte[] stored(OrderKey order) {
        return stream.orders().get(Bytes.wrap(order.toString().getBytes(UTF_8))).clone();
    }

    private List<String> timers() {
        return TestStream.keys(stream.timers()).stream()
                .map(key -> ByteBuffer.wrap(key.get()))
                .map(key -> {
                    Instant at = Instant.ofEpochMilli(key.getLong());
                    return UTF_8.decode(key) + " at " + at;
                })
                .toList();
    }
}
