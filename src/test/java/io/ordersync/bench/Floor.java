package io.ordersync.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.ordersync.process.ChildJvm;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * {@link FloorMain}, which writes what another candidate wrote: as many records of the same size to as many topics.
 *
 * @param load it is told the races of, and finds none by itself
 * @param model what the other one wrote
 * @param settings of Kafka Streams, which it takes those of its clients from
 */
record Floor(Load load, List<Place.Written> model, Map<String, String> settings) implements Candidate {

    private static final Set<String> OF_RACES = Set.of(Place.INTERCEPTS, Place.ALERTS, Place.CASES);

    @Override
    public ChildJvm start(Place place) {
        place.site()
                .createTopics(model.stream()
                        .map(Place.Written::name)
                        .filter(name -> !Place.OUTPUTS.contains(name))
                        .map(name -> place.id() + name));
        return ChildJvm.named(place.id())
                .heap(place.site().heap())
                .start(
                        FloorMain.class.getName(),
                        Stream.concat(
                                        Stream.of(
                                                StreamSettings.write(place, settings)
                                                        .toString(),
                                                place.inputs(),
                                                races(place).toString()),
                                        model.stream().map(written -> copies(place, written)))
                                .toList());
    }

    private Path races(Place place) {
        try {
            return Files.write(place.directory().resolve("races"), load.races());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All that comes with races, which is rare, and all else with events. */
    private String copies(Place place, Place.Written written) {
        boolean ofRaces = OF_RACES.contains(written.name());
        return new FloorMain.Copies(
                        place.id() + written.name(),
                        ofRaces,
                        written.records(),
                        ofRaces ? load.races().size() : load.size(),
                        Math.toIntExact(written.bytes() / written.records()))
                .toString();
    }

    /** As many records as its model's, and as large but for what rounding takes off each. */
    @Override
    public void check(Place place, Load load) {
        Candidate.super.check(place, load);
        assertThat(place.written())
                .usingElementComparator((one, other) -> one.name().equals(other.name())
                                && one.records() == other.records()
                                && Math.abs(one.bytes() - other.bytes()) <= one.records()
                        ? 0
                        : 1)
                .containsExactlyElementsOf(model);
    }
}
