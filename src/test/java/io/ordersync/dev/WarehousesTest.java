package io.ordersync.dev;

import static io.ordersync.contract.LockAction.LOCK;
import static io.ordersync.contract.LockAction.PULL_PARCEL;
import static io.ordersync.contract.LockAction.RELEASE;
import static io.ordersync.dev.Sample.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.ordersync.contract.LockRefusal;
import io.ordersync.contract.LockStatus;
import io.ordersync.contract.ParcelStage;
import io.ordersync.contract.WarehouseLockCommand;
import io.ordersync.contract.WarehouseLockResult;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class WarehousesTest {
    private final Agenda agenda = new Agenda(100);

    @Test
    void lockAndReleaseShortlyAfterTheCommand() {
        var world = new Actors(Sample.world());

        hear(world, Sample.lock(LOCK, 1));
        hear(world, Sample.lock(RELEASE, 1));

        assertThat(Sample.said(agenda)).containsExactlyInAnyOrder("LOCK 1 LOCKED", "RELEASE 1 RELEASED");
    }

    @Test
    void answerAfterTheCommandEvenIfItsClockIsAhead() {
        var world = new Actors(Sample.world());
        var early = NOW.minusSeconds(3);

        assertThat(world.hear(Sample.lock(LOCK, 1), early)).singleElement().satisfies(planned -> {
            var result = (WarehouseLockResult) planned.value();
            assertThat(result.getOccurredAt()).isEqualTo(planned.at()).isAfter(NOW);
        });
    }

    @Test
    void obeyACommandOnceAndNoneThatIsOutdated() {
        var world = new Actors(Sample.world());

        hear(world, Sample.lock(LOCK, 2));
        hear(world, Sample.lock(LOCK, 2));
        hear(world, Sample.lock(LOCK, 1));
        hear(world, Sample.lock(RELEASE, 1));

        assertThat(Sample.said(agenda)).containsExactly("LOCK 2 LOCKED");
    }

    @Test
    void keepNoLockThatWasReleasedBefore() {
        var world = new Actors(Sample.world());

        hear(world, Sample.lock(RELEASE, 1));
        hear(world, Sample.lock(LOCK, 1));

        assertThat(Sample.said(agenda)).containsExactly("RELEASE 1 RELEASED");
    }

    @Test
    void ignoreSomeLocks() {
        var world = new Actors(Sample.world("locks-ignored-percent=100"));

        hear(world, Sample.lock(LOCK, 1));

        assertThat(Sample.said(agenda)).isEmpty();
    }

    @Test
    void refuseSomeLocksAndKeepThoseForOrdersTheyDoNotKnowYet() {
        var world = new Actors(Sample.world("locks-refused-percent=100"));

        var answers = LongStream.range(1, 100)
                .mapToObj(generation -> world.hear(Sample.lock(LOCK, generation), NOW))
                .toList();

        assertThat(answers).allSatisfy(answer -> {
            var first = (WarehouseLockResult) answer.getFirst().value();
            assertThat(first.getStatus()).isEqualTo(LockStatus.REFUSED);
            assertThat(answer).hasSize(first.getRefusal() == LockRefusal.ORDER_UNKNOWN ? 2 : 1);
        });
        assertThat(answers)
                .extracting(answer -> ((WarehouseLockResult) answer.getFirst().value()).getRefusal())
                .contains(
                        LockRefusal.ALREADY_SHIPPED,
                        LockRefusal.LABEL_PRINTED,
                        LockRefusal.ALREADY_PACKED,
                        LockRefusal.UNSUPPORTED,
                        LockRefusal.ORDER_UNKNOWN,
                        LockRefusal.OTHER);
    }

    @Test
    void keepWhatTheyPulledOffTheBench() {
        var world = new Actors(Sample.world());

        agenda.add(world.hear(Sample.parcel(ParcelStage.LABEL_CREATED), NOW));
        hear(world, Sample.pull(PULL_PARCEL, 1));

        assertThat(Sample.said(agenda)).containsExactly("PULL_PARCEL 1 PULLED");
    }

    @Test
    void letGoOnWhatTheyRelease() {
        var world = new Actors(Sample.world());

        agenda.add(world.hear(Sample.parcel(ParcelStage.LABEL_CREATED), NOW));
        hear(world, Sample.pull(PULL_PARCEL, 1));
        hear(world, Sample.pull(RELEASE, 1));

        assertThat(Sample.said(agenda))
                .containsExactlyInAnyOrder(
                        "PULL_PARCEL 1 PULLED",
                        "RELEASE 1 RELEASED",
                        "PICKED_UP",
                        "IN_TRANSIT",
                        "OUT_FOR_DELIVERY",
                        "DELIVERED");
    }

    @Test
    void refuseToPullWhatHasLeft() {
        var world = new Actors(Sample.world());

        agenda.add(world.hear(Sample.parcel(ParcelStage.IN_TRANSIT), NOW));
        hear(world, Sample.pull(PULL_PARCEL, 1));

        assertThat(Sample.said(agenda))
                .containsExactly("PULL_PARCEL 1 REFUSED ALREADY_SHIPPED", "OUT_FOR_DELIVERY", "DELIVERED");
    }

    @Test
    void findSomeParcelsTooLate() {
        var world = new Actors(Sample.world("pulls-refused-percent=100"));

        agenda.add(world.hear(Sample.parcel(ParcelStage.LABEL_CREATED), NOW));
        hear(world, Sample.pull(PULL_PARCEL, 1));

        assertThat(Sample.said(agenda)).startsWith("PULL_PARCEL 1 REFUSED ALREADY_PACKED", "PICKED_UP");
    }

    @Test
    void giveTheSameAnswersForTheSameSeedWhateverTheyHeardBefore() {
        var one = new Actors(Sample.world("locks-refused-percent=50"));
        var other = new Actors(Sample.world("locks-refused-percent=50"));
        var commands = LongStream.range(1, 20)
                .mapToObj(generation -> Sample.lock(LOCK, generation))
                .toList();

        commands.subList(0, 18).forEach(command -> one.hear(command, NOW));

        assertThat(one.hear(commands.getLast(), NOW))
                .extracting(Planned::value)
                .isEqualTo(other.hear(commands.getLast(), NOW).stream()
                        .map(Planned::value)
                        .toList());
    }

    private void hear(Actors world, WarehouseLockCommand command) {
        List<Planned> said = world.hear(command, NOW);
        agenda.add(said);
    }
}
