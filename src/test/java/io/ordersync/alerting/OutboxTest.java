package io.ordersync.alerting;

import static org.assertj.core.api.Assertions.assertThat;

import io.ordersync.contract.AlertSeverity;
import io.ordersync.contract.OrderAlert;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class OutboxTest {

    private static final Grouping TWO_MINUTES = Grouping.BY_WAREHOUSE;
    private static final Shape EACH = new Shape(100, 100, false, true);

    private Outbox outbox = new Outbox(Shape.CHAT, TWO_MINUTES);
    private long offset;

    private void add(long atMs, OrderAlert.Builder alert) {
        outbox.add(Told.entry(offset++, alert.build()), atMs);
    }

    private static OrderAlert.Builder critical(String order) {
        return Told.race(order).setSeverity(AlertSeverity.CRITICAL);
    }

    /** The orders in the letter that is due, which is settled. */
    private List<String> told(long atMs) {
        Optional<Letter> letter = outbox.next(atMs, false);
        letter.ifPresent(any -> outbox.settled(atMs));
        return letter.stream()
                .flatMap(any -> any.entries().stream())
                .map(entry -> entry.alert().getOrderId() + " " + entry.alert().getState())
                .toList();
    }

    @Test
    void tellsTheFirstOfAGroupAtOnceAndTheRestTogether() {
        add(0, Told.race("A"));
        assertThat(told(0)).containsExactly("A FIRING");

        add(1_000, Told.race("B"));
        add(2_000, Told.race("C"));
        assertThat(told(119_999)).isEmpty();
        assertThat(told(120_000)).containsExactly("B FIRING", "C FIRING");
    }

    /** The bound of the issue: a thousand races of one warehouse in five minutes. */
    @Test
    void makesAHandfulOfMessagesOfAThousandRaces() {
        List<Integer> messages = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            add(i * 300L, Told.race("O" + i));
            int count = told(i * 300L).size();
            if (count > 0) {
                messages.add(count);
            }
        }
        messages.add(told(Duration.ofMinutes(7).toMillis()).size());

        assertThat(messages).hasSize(4);
        assertThat(messages.stream().mapToInt(Integer::intValue).sum()).isEqualTo(1_000);
    }

    @Test
    void tellsWhatIsCriticalAtOnceWhateverItsGroupWaitsFor() {
        add(0, Told.race("A"));
        told(0);
        add(1_000, Told.race("B"));
        add(1_100, critical("C"));

        assertThat(told(1_100)).containsExactly("C FIRING");
        assertThat(told(1_200)).isEmpty();
        assertThat(told(120_000)).containsExactly("B FIRING");
    }

    @Test
    void tellsTogetherWhatIsCriticalWhileTheChannelIsNotReady() {
        add(0, critical("A"));
        add(0, critical("B"));

        assertThat(told(0)).containsExactly("A FIRING", "B FIRING");
    }

    @Test
    void keepsGroupsApart() {
        add(0, Told.race("A"));
        add(0, Told.race("B").setWarehouseId("elsewhere"));
        add(0, Told.race("C").setWarehouseId(null));

        assertThat(told(0)).containsExactly("A FIRING");
        assertThat(told(0)).containsExactly("B FIRING");
        assertThat(told(0)).containsExactly("C FIRING");
        assertThat(told(0)).isEmpty();
    }

    @Test
    void tellsOfOneAlertOnlyTheLastWhereThatSaysAll() {
        OrderAlert.Builder race = Told.race("A");
        add(0, race);
        outbox.add(Told.entry(offset++, Told.resolved(race.build())), 0);

        Letter letter = outbox.next(0, false).orElseThrow();
        assertThat(letter.entries()).hasSize(2);
        assertThat(letter.standing())
                .singleElement()
                .satisfies(entry -> assertThat(entry.alert().getState().name()).isEqualTo("RESOLVED"));
        assertThat(outbox.size()).isEqualTo(2);
        outbox.settled(0);
        assertThat(outbox.size()).isZero();
    }

    @Test
    void tellsWhatIsSaidOfOneAlertInItsOrder() {
        outbox = new Outbox(EACH, TWO_MINUTES);
        add(0, Told.race("X"));
        told(0);
        add(1, Told.race("A"));
        add(2, Told.race("B"));
        add(3, critical("A"));

        assertThat(told(3)).containsExactly("A FIRING", "A FIRING");
        assertThat(told(120_000)).containsExactly("B FIRING");
    }

    @Test
    void doesNotChangeALetterThatIsOnItsWay() {
        add(0, Told.race("A"));
        Letter letter = outbox.next(0, false).orElseThrow();
        add(1, Told.race("B"));
        outbox.add(Told.entry(offset++, Told.resolved(Told.race("A").build())), 1);

        assertThat(outbox.next(1, false)).containsSame(letter);
        assertThat(letter.entries()).hasSize(1);
        outbox.settled(1);
        assertThat(told(130_000)).containsExactly("B FIRING", "A RESOLVED");
    }

    @Test
    void tellsTheRestAtOnceWhenOneRequestIsTooSmall() {
        outbox = new Outbox(new Shape(2, 2, false, true), TWO_MINUTES);
        for (String order : List.of("A", "B", "C")) {
            add(0, Told.race(order));
        }

        assertThat(told(0)).containsExactly("A FIRING", "B FIRING");
        assertThat(told(1)).containsExactly("C FIRING");
        add(2, Told.race("D"));
        assertThat(told(3)).isEmpty();
    }

    @Test
    void halvesWhatWasRefusedTogetherUntilTheBadOneIsAlone() {
        outbox = new Outbox(EACH, Grouping.NONE);
        for (String order : List.of("A", "B", "bad", "C", "D")) {
            add(0, Told.race(order));
        }
        List<String> told = new ArrayList<>();
        for (Optional<Letter> letter = outbox.next(0, false); letter.isPresent(); letter = outbox.next(0, false)) {
            List<String> orders = letter.get().entries().stream()
                    .map(entry -> entry.alert().getOrderId())
                    .toList();
            if (!orders.contains("bad") || !outbox.divide()) {
                told.addAll(orders);
                outbox.settled(0);
            }
        }

        assertThat(told).containsExactly("A", "B", "bad", "C", "D");
        assertThat(outbox.size()).isZero();
    }

    /** A bad one among many takes many requests to find: what is CRITICAL does not wait for that. */
    @Test
    void tellsWhatIsCriticalBetweenThePartsOfWhatWasRefused() {
        outbox = new Outbox(EACH, Grouping.NONE);
        for (String order : List.of("A", "B", "C")) {
            add(0, Told.race(order));
        }
        outbox.next(0, false);
        outbox.divide();
        add(0, critical("X"));
        add(0, critical("C"));

        assertThat(told(0)).as("C was told of before").containsExactly("A FIRING");
        assertThat(told(0)).containsExactly("B FIRING", "C FIRING");
        assertThat(told(0)).containsExactly("X FIRING", "C FIRING");

        add(0, Told.race("D"));
        add(0, Told.race("E"));
        outbox.next(0, false);
        outbox.divide();
        add(0, critical("Y"));
        assertThat(told(0)).containsExactly("Y FIRING");
        add(0, critical("Z"));
        assertThat(told(0)).as("in turns").containsExactly("D FIRING");
        assertThat(told(0)).containsExactly("Z FIRING");
        assertThat(told(0)).containsExactly("E FIRING");
        assertThat(outbox.size()).isZero();
    }

    @Test
    void tellsInTheOrderOfWhatWasSaidAlsoWhenTheGroupChanged() {
        outbox = new Outbox(EACH, TWO_MINUTES);
        add(0, Told.race("X"));
        told(0);
        add(1, Told.race("A"));
        outbox.add(
                Told.entry(
                        offset++,
                        Told.resolved(Told.race("A").setWarehouseId("W9").build())),
                2);

        assertThat(told(2)).isEmpty();
        assertThat(told(120_000)).containsExactly("A FIRING", "A RESOLVED");
    }

    @Test
    void waitsForNothingWhenItIsFull() {
        add(0, Told.race("X"));
        told(0);
        add(1, Told.race("A"));

        assertThat(outbox.next(1, false)).isEmpty();
        assertThat(outbox.next(1, true)).isPresent();
    }

    @Test
    void collectsForAnIntervalAlsoWhenMoreCameWhileItWasTold() {
        add(0, Told.race("A"));
        outbox.next(0, false);
        add(1, Told.race("B"));
        outbox.settled(10);

        assertThat(told(11)).isEmpty();
        assertThat(told(120_010)).containsExactly("B FIRING");
    }

    @Test
    void doesNotForgetItsGroupsForWhatIsCritical() {
        add(0, Told.race("X"));
        told(0);
        add(1, Told.race("A"));
        for (long now = 1_000; now < 230_000; now += 1_000) {
            add(now, critical("C" + now));
            assertThat(told(now)).hasSize(1);
        }
        boolean[] wasTold = new boolean[1];
        for (long now = 230_000; now < 260_000; now += 1_000) {
            add(now, critical("C" + now));
            wasTold[0] |= told(now).contains("A FIRING");
        }
        assertThat(wasTold[0]).isTrue();
    }

    /** A pager is told one alert in a request, and collects nothing. */
    @Test
    void tellsTheEndOfWhatIsCriticalAfterItsBeginning() {
        outbox = new Outbox(new Shape(1, 1, false, false), Grouping.NONE);
        add(0, critical("A"));
        add(0, critical("B"));
        add(0, Told.race("C"));
        assertThat(told(0)).containsExactly("A FIRING");
        outbox.next(0, false);
        outbox.add(Told.entry(offset++, Told.resolved(critical("D").build())), 0);
        outbox.add(Told.entry(offset++, Told.resolved(critical("B").build())), 0);
        add(1, critical("E"));
        outbox.add(Told.entry(offset++, Told.resolved(critical("E").build())), 1);

        List<String> told = new ArrayList<>();
        for (List<String> next = told(1); !next.isEmpty(); next = told(1)) {
            told.addAll(next);
        }
        assertThat(told)
                .containsExactlyInAnyOrder(
                        "B FIRING", "B RESOLVED", "C FIRING", "D RESOLVED", "E FIRING", "E RESOLVED");
        assertThat(told).containsSubsequence("B FIRING", "B RESOLVED").containsSubsequence("E FIRING", "E RESOLVED");
        assertThat(outbox.size()).isZero();
    }

    @Test
    void tellsNoMoreCriticalOnesAtOnceThanCanBeRead() {
        for (int i = 0; i < 25; i++) {
            add(0, critical("C" + i));
        }

        assertThat(told(0)).hasSize(10);
        assertThat(told(0)).hasSize(10);
        assertThat(told(0)).hasSize(5);
    }

    @Test
    void joinsNothingThatIsOnItsWay() {
        add(0, Told.race("A"));
        assertThat(outbox.joins("alert-A")).isTrue();
        outbox.next(0, false);
        assertThat(outbox.joins("alert-A")).as("it is on its way").isFalse();
        outbox.settled(0);
        assertThat(outbox.joins("alert-A")).isFalse();
    }

    @Test
    void knowsWhichRecordIsHereForTheLongest() {
        assertThat(outbox.oldest()).isEmpty();
        add(0, Told.race("A").setWarehouseId("late"));
        add(0, Told.race("B"));

        assertThat(outbox.oldest().orElseThrow().alert().getOrderId()).isEqualTo("A");
        outbox.next(0, false);
        assertThat(outbox.oldest().orElseThrow().alert().getOrderId()).isEqualTo("A");
    }
}
