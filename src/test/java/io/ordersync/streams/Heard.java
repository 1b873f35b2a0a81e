package io.ordersync.streams;

import io.ordersync.domain.Decision;
import io.ordersync.domain.Effect;
import io.ordersync.domain.Fact;
import io.ordersync.domain.OrderCase;
import io.ordersync.domain.Rejection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the stream told its listener, a word or two for each. */
final class Heard implements StreamListener {

    final List<String> all = new ArrayList<>();
    /** What became of cases, and how soon commands were called for. */
    final List<String> cases = new ArrayList<>();

    @Nullable
    OpenOrders open;

    @Override
    public void arrived(String topic, @Nullable Fact fact, Decision.Outcome outcome) {
        all.add("arrived " + topic + ' ' + outcome);
    }

    @Override
    public void detected(Duration sinceArrival) {
        cases.add("detected after " + sinceArrival.toSeconds() + " s");
    }

    @Override
    public void opened(OrderCase orderCase) {
        cases.add("opened " + orderCase.state());
    }

    @Override
    public void closed(OrderCase orderCase) {
        cases.add("closed " + orderCase.outcome());
    }

    @Override
    public void took(OpenOrders taken) {
        open = taken;
    }

    @Override
    public void left(OpenOrders given) {
        open = null;
    }

    @Override
    public void strayed(String topic) {
        all.add("strayed " + topic);
    }

    @Override
    public void rejected(String topic, Rejection rejection) {
        all.add("rejected " + topic + ' ' + rejection.reason());
    }

    @Override
    public void passedOver(String topic) {
        all.add("passed over " + topic);
    }

    @Override
    public void sent(Effect effect) {
        all.add("sent " + effect.getClass().getSimpleName());
    }

    @Override
    public void forgotten() {
        all.add("forgotten");
    }

    @Override
    public void withheld(Effect command) {
        all.add("withheld " + command.getClass().getSimpleName());
    }

    @Override
    public void answersDropped(int count) {
        all.add("dropped " + count);
    }

    @Override
    public void erased() {
        all.add("erased");
    }

    @Override
    public void deadlinesPassed() {
        all.add("deadlines passed");
    }

    @Override
    public void failed() {
        all.add("failed");
    }
}
