package io.ordersync.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.ordersync.OrderSyncApplication;
import io.ordersync.process.ChildJvm;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The service.
 *
 * @param classes a directory, of this build or of another one
 * @param strays how many of the load's records are not on their order's partition
 * @param settings beside those of its place
 */
record Service(String classes, int strays, List<String> settings) implements Candidate {

    private static final List<String> ABSENT = List.of(
            "refund-closed",
            "shipment-voided",
            "shipment-status",
            "warehouse-lock-results",
            "intercept-results",
            "case-resolutions");

    /** Of this build. */
    static Service with(String... settings) {
        return new Service("target/classes", 0, List.of(settings));
    }

    @Override
    public ChildJvm start(Place place) {
        Site site = place.site();
        Stream<String> own = Stream.of(
                "--server.port=" + place.port(),
                "--spring.main.banner-mode=off",
                "--spring.kafka.bootstrap-servers=" + site.bootstrapServers(),
                "--spring.kafka.streams.application-id=" + place.id(),
                "--spring.kafka.streams.state-dir=" + place.directory().resolve("state"),
                "--spring.kafka.streams.replication-factor=1",
                "--order-sync.schema-registry.url=" + site.registryUrl());
        Stream<String> in = Stream.of(Load.REFUNDS, Load.PARCELS).map(topic -> setting(topic, place.inputs() + topic));
        Stream<String> out = Place.OUTPUTS.stream().map(output -> setting(output.substring(1), place.id() + output));
        Stream<String> absent = ABSENT.stream().map(topic -> setting(topic, ""));
        return ChildJvm.named(place.id())
                .heap(site.heap())
                .classPath(ChildJvm.productionClassPath(classes))
                .start(
                        OrderSyncApplication.class.getName(),
                        Stream.of(own, in, out, absent, settings.stream())
                                .flatMap(part -> part)
                                .toList());
    }

    private static String setting(String topic, String name) {
        return "--order-sync.topics." + topic.replace("order-sync-", "") + '=' + name;
    }

    @Override
    public void check(Place place, Load load) {
        Candidate.super.check(place, load);
        assertThat(place.keys(Place.DEAD_LETTERS)).isEmpty();
        String metrics = metrics(place.port());
        assertThat(sum(metrics, "ordersync_events_total")).isEqualTo(load.size());
        assertThat(sum(metrics, "ordersync_strays_total")).isEqualTo(strays);
    }

    private static long sum(String metrics, String name) {
        return Pattern.compile("(?m)^" + name + "(?:\\{.*})? ([0-9.E]+)$")
                .matcher(metrics)
                .results()
                .mapToLong(line -> (long) Double.parseDouble(line.group(1)))
                .sum();
    }

    private static String metrics(int port) {
        URI uri = URI.create("http://localhost:" + port + "/actuator/prometheus");
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString())
                    .body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
