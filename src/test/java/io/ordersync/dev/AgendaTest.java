package io.ordersync.dev;

import static io.ordersync.dev.Sample.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.ordersync.contract.LockStatus;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AgendaTest {
    private final Agenda agenda = new Agenda(3);

    @BeforeEach
    void trust() {
        RegistryClient.trustContract();
    }

    @Test
    void givesWhatIsDueOnceAndInOrder() {
        var later = in(2, LockStatus.PULLED);
        var first = in(1, LockStatus.REFUSED);
        var second = in(1, LockStatus.LOCKED);
        agenda.add(List.of(later, first, second));

        assertThat(agenda.dueBy(NOW)).isEmpty();
        assertThat(agenda.dueBy(NOW.plusSeconds(1))).containsExactly(first, second);
        assertThat(agenda.dueBy(NOW.plusSeconds(9))).containsExactly(later);
        assertThat(agenda.dueBy(NOW.plusSeconds(9))).isEmpty();
    }

    @Test
    void dropsWhatWasPlannedOnACourseThatWasLeft() {
        var course = new Course();
        agenda.add(List.of(new Planned(NOW, Sample.locked(LockStatus.LOCKED), course)));

        course.leave();

        assertThat(agenda.dueBy(NOW)).isEmpty();
    }

    @Test
    void takesNoMoreThanItHolds() {
        agenda.add(List.of(
                in(1, LockStatus.LOCKED),
                in(2, LockStatus.LOCKED),
                in(3, LockStatus.LOCKED),
                in(0, LockStatus.RELEASED)));

        assertThat(agenda.dueBy(NOW.plusSeconds(9))).hasSize(3);
    }

    private static Planned in(int seconds, LockStatus status) {
        return new Planned(NOW.plusSeconds(seconds), Sample.locked(status));
    }
}
