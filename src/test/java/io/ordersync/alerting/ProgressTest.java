package io.ordersync.alerting;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class ProgressTest {

    private static final TopicPartition P = new TopicPartition("order-alerts", 3);

    private final Progress progress = new Progress();

    private Progress after(long committed, long... seen) {
        progress.assigned(P, new OffsetAndMetadata(committed), false);
        for (long offset : seen) {
            progress.seen(P, offset);
        }
        return progress;
    }

    private OffsetAndMetadata position() {
        return Objects.requireNonNull(progress.toCommit().get(P));
    }

    private static Progress restartedAt(OffsetAndMetadata position) {
        Progress restarted = new Progress();
        restarted.assigned(P, position, false);
        return restarted;
    }

    @Test
    void commitsNothingThatIsNotDone() {
        after(10, 10, 11, 12);

        assertThat(progress.toCommit()).isEmpty();
        progress.done(P, 10);
        assertThat(position()).isEqualTo(new OffsetAndMetadata(11));
    }

    @Test
    void commitsBesideItWhatIsDoneBehind() {
        after(10, 10, 11, 12, 14, 15);
        progress.done(P, 11);
        progress.done(P, 12);
        progress.done(P, 15);

        OffsetAndMetadata position = position();
        assertThat(position.offset()).isEqualTo(10);
        Progress restarted = restartedAt(position);
        assertThat(List.of(10L, 11L, 12L, 14L, 15L, 16L))
                .filteredOn(offset -> restarted.isNew(P, offset))
                .containsExactly(10L, 14L, 16L);
    }

    @Test
    void forgetsWhatIsBehindWhenAllIsDone() {
        after(10, 10, 11);
        progress.done(P, 11);
        progress.done(P, 10);

        assertThat(position()).isEqualTo(new OffsetAndMetadata(12));
    }

    /** Whoever starts twice, and comes no further in between, must not forget what the one before him knew. */
    @Test
    void keepsWhatWasDoneUntilItWasReadAgain() {
        after(10, 10, 11, 12, 13, 14);
        progress.done(P, 12);
        progress.done(P, 14);
        Progress second = restartedAt(position());
        assertThat(second.toCommit()).isEmpty();
        second.seen(P, 10);
        second.done(P, 10);

        Progress third = restartedAt(Objects.requireNonNull(second.toCommit().get(P)));
        assertThat(List.of(11L, 12L, 13L, 14L, 15L))
                .filteredOn(offset -> third.isNew(P, offset))
                .containsExactly(11L, 13L, 15L);
    }

    @Test
    void commitsWhereAChannelBeginsUntilThatIsCommitted() {
        progress.assigned(P, new OffsetAndMetadata(5), true);

        Map<TopicPartition, OffsetAndMetadata> positions = progress.toCommit();
        assertThat(positions).containsEntry(P, new OffsetAndMetadata(5));
        assertThat(progress.toCommit()).isEqualTo(positions);
        progress.committed(positions);
        assertThat(progress.toCommit()).isEmpty();
    }

    @Test
    void commitsTheOffsetAloneWhereMetadataAreRefused() {
        after(10, 10, 11);
        progress.done(P, 11);
        progress.leaveOutWhatIsBehind();

        assertThat(progress.toCommit()).isEmpty();
        progress.done(P, 10);
        assertThat(position()).isEqualTo(new OffsetAndMetadata(12));
    }

    @Test
    void commitsAPositionOnce() {
        after(10, 10);
        progress.done(P, 10);
        Map<TopicPartition, OffsetAndMetadata> positions = progress.toCommit();
        progress.committed(positions);

        assertThat(progress.toCommit()).isEmpty();
    }

    @Test
    void takesNothingFromMetadataOfSomebodyElse() {
        for (String metadata : List.of("", "hello", "1:", "1:x", "1:1-", "1:--", "2:0-9")) {
            assertThat(restartedAt(new OffsetAndMetadata(10, metadata)).isNew(P, 12))
                    .as(metadata)
                    .isTrue();
        }
    }

    /** The broker refuses more than 4096 by default. */
    @Test
    void fitsIntoACommit() {
        progress.assigned(P, new OffsetAndMetadata(0), false);
        for (long offset = 0; offset < 100_000; offset++) {
            progress.seen(P, offset);
        }
        for (long offset = 1; offset < 100_000; offset += 2) {
            progress.done(P, offset);
        }

        assertThat(position().metadata()).hasSizeBetween(2_000, 4_000);
        assertThat(restartedAt(position()).isNew(P, 1)).isFalse();
        assertThat(restartedAt(position()).isNew(P, 2)).isTrue();
    }

    /** Whatever is done in whatever order: who comes after sees exactly what was not done as new. */
    @Property
    void losesNothingAndRepeatsNothing(
            @ForAll @Size(max = 60) List<@IntRange(max = 99) Integer> gaps,
            @ForAll @Size(max = 80) List<@IntRange(max = 99) Integer> done) {
        Progress before = new Progress();
        before.assigned(P, new OffsetAndMetadata(1_000), false);
        TreeSet<Long> left = new TreeSet<>();
        for (long offset = 1_000; offset < 1_100; offset++) {
            if (!gaps.contains((int) (offset - 1_000))) {
                before.seen(P, offset);
                left.add(offset);
            }
        }
        TreeSet<Long> all = new TreeSet<>(left);
        for (int each : done) {
            if (left.remove(1_000L + each)) {
                before.done(P, 1_000L + each);
            }
        }

        OffsetAndMetadata position = before.toCommit().getOrDefault(P, new OffsetAndMetadata(1_000));
        Progress after = restartedAt(position);
        assertThat(all.stream().filter(offset -> offset >= position.offset() && after.isNew(P, offset)))
                .containsExactlyElementsOf(left);
    }
}
