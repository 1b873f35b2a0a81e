package io.ordersync.bench;

import io.ordersync.bench.Comparison.Measured;
import io.ordersync.process.ChildJvm;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.awaitility.Awaitility;

/**
 * How fast a candidate, in a process of its own, works off what waits in its inputs: from the commit by which a third of it
 * is done, so that most of its code is compiled by then, to the one after which nothing is left. Beside it stands the same
 * from its first commit on. Afterwards it is asked what it found.
 *
 * @param inputs the prefix of the topics that are read, which hold the whole load and nothing else
 */
record CatchingUp(Site site, Load load, String inputs) {

    private static final Duration INTERVAL = Duration.ofMillis(20);
    private static final Duration START = Duration.ofMinutes(3);
    /** No candidate is slower. */
    private static final int LEAST_PER_SECOND = 2_000;

    /** What the group had committed at a moment. */
    private record Look(Processors processors, long handled) {

        double perSecondSince(Look earlier) {
            return (handled - earlier.handled) / processors.secondsSince(earlier.processors);
        }
    }

    /** What the service writes. The run does not count: the broker's code is compiled meanwhile. */
    List<Place.Written> model(Service service) {
        List<Place.Written> model = new ArrayList<>();
        measure(service, place -> model.addAll(place.written()));
        System.out.println("what the service writes:");
        model.forEach(written -> System.out.printf(
                "  %-34s %,11d records of %,5d bytes%n",
                written.name(), written.records(), written.bytes() / written.records()));
        return model;
    }

    Measured measure(Candidate candidate) {
        return measure(candidate, place -> {});
    }

    /** @param afterwards looks at what it wrote, while it still runs */
    Measured measure(Candidate candidate, Consumer<Place> afterwards) {
        try (Place place = site.place(inputs)) {
            try (ChildJvm child = candidate.start(place);
                    Progress progress = new Progress(place)) {
                Look first = await(child, progress, look -> look.handled() > 0);
                Look third = await(child, progress, look -> look.handled() >= load.size() / 3);
                Look last = await(child, progress, look -> look.handled() == load.size() && progress.isWorkedOff());
                candidate.check(place, load);
                if (third.handled() == last.handled()) {
                    throw new IllegalStateException(load.size() + " events are too few: all was done at once");
                }
                afterwards.accept(place);
                return new Measured(
                        last.perSecondSince(third),
                        last.perSecondSince(first),
                        last.processors().candidateSince(third.processors()) / (last.handled() - third.handled()) * 1e6,
                        last.processors().othersSince(third.processors()));
            }
        }
    }

    private Look await(ChildJvm child, Progress progress, Predicate<Look> reached) {
        return Awaitility.await()
                .pollInSameThread()
                .pollDelay(Duration.ZERO)
                .pollInterval(INTERVAL)
                .atMost(START.plusSeconds(load.size() / LEAST_PER_SECOND))
                .failFast(child::requireAlive)
                .until(() -> look(child, progress), reached);
    }

    private Look look(ChildJvm child, Progress progress) {
        long handled = progress.handled();
        return new Look(Processors.now(site, child), handled);
    }
}
