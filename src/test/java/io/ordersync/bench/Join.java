package io.ordersync.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.ordersync.process.ChildJvm;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.streams.StreamsConfig;

/**
 * {@link JoinMain}.
 *
 * @param settings of Kafka Streams, beside those that follow from the place
 */
record Join(Map<String, String> settings) implements Candidate {

    @Override
    public ChildJvm start(Place place) {
        return ChildJvm.named(place.id())
                .heap(place.site().heap())
                .start(
                        JoinMain.class.getName(),
                        List.of(
                                StreamSettings.write(place, settings).toString(),
                                place.inputs(),
                                place.site().registryUrl()));
    }

    /** With caches, which are the default, what was in both when they are written out is joined twice. */
    @Override
    public void check(Place place, Load load) {
        if ("0".equals(settings.get(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG))) {
            Candidate.super.check(place, load);
        } else {
            List<String> keys = place.keys(Place.INTERCEPTS);
            assertThat(Set.copyOf(keys)).isEqualTo(load.races());
            System.out.printf(
                    "%,d commands for %,d races%n", keys.size(), load.races().size());
        }
    }
}
