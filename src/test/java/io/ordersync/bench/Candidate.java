package io.ordersync.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.ordersync.process.ChildJvm;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A program that reads the two inputs and writes a command for each race, in a process of its own. */
interface Candidate {

    /** Starts it; its consumer group is the place's id. */
    ChildJvm start(Place place);

    /**
     * Asks what it did, after all was read and while it still runs.
     *
     * @throws AssertionError when that is not what it had to do
     */
    default void check(Place place, Load load) {
        assertThat(place.keys(Place.INTERCEPTS)).containsExactlyInAnyOrderElementsOf(load.races());
    }

    /** Those that the system property {@code bench.candidates} names, with commas between; all when it is not set. */
    static Map<String, Candidate> chosen(Map<String, Candidate> all) {
        String names = System.getProperty("bench.candidates");
        if (names == null) {
            return all;
        }
        List<String> wanted = List.of(names.split(",", -1));
        if (!all.keySet().containsAll(wanted)) {
            throw new IllegalArgumentException("bench.candidates: " + names + " are not all among " + all.keySet());
        }
        Map<String, Candidate> chosen = new LinkedHashMap<>(all);
        chosen.keySet().retainAll(wanted);
        return chosen;
    }
}
