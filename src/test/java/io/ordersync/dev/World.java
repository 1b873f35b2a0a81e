package io.ordersync.dev;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/** Lets the simulated warehouses, couriers and people hear what is sent, and sends what they say when it is due. */
final class World implements SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger("shop");
    private static final Map<String, Class<? extends SpecificRecordBase>> HEARD = Actors.listenTo();
    private static final int TICK_MS = 20;
    private static final int MOST_PLANNED = 500_000;

    private final WorldProperties properties;
    private final String bootstrapServers;
    private final String registryUrl;
    private final WireDecoder decoder;
    private volatile @Nullable Open open;

    World(WorldProperties properties, String bootstrapServers, String registryUrl) {
        this.properties = properties;
        this.bootstrapServers = bootstrapServers;
        this.registryUrl = registryUrl;
        this.decoder = new WireDecoder(registryUrl);
    }

    /** What the world has while it runs, all but the ticker for the ticker's thread alone. */
    private record Open(
            ScheduledExecutorService ticker,
            Consumer<String, byte[]> ears,
            Sender mouth,
            Actors actors,
            Agenda agenda) {}

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // turn tells its own errors
    public void start() {
        var started = new Open(
                Executors.newSingleThreadScheduledExecutor(
                        Thread.ofPlatform().name("world").factory()),
                CommittedReader.of(bootstrapServers, HEARD.keySet()),
                new Sender(bootstrapServers, registryUrl),
                new Actors(properties),
                new Agenda(MOST_PLANNED));
        started.ticker().scheduleWithFixedDelay(() -> turn(started), 0, TICK_MS, TimeUnit.MILLISECONDS);
        open = started;
    }

    @Override
    public void stop() {
        var closing = open;
        open = null;
        if (closing != null) {
            closing.ticker().close();
            closing.ears().close();
            closing.mouth().close();
        }
    }

    @Override
    public boolean isRunning() {
        return open != null;
    }

    /** Above the stream's phase, as the shop: who sends stops first. */
    @Override
    public int getPhase() {
        return Integer.MAX_VALUE;
    }

    private void turn(Open world) {
        try {
            var messages = world.ears().poll(Duration.ZERO);
            for (var topic : HEARD.keySet()) {
                for (var message : messages.records(topic)) {
                    world.agenda().add(hear(world.actors(), message));
                }
            }
            for (var said : world.agenda().dueBy(Instant.now())) {
                world.mouth().send(DevTopics.of(said.value()), DevTopics.orderKey(said.value()), said.value());
            }
        } catch (RuntimeException e) {
            LOG.error("the simulated world answers no more", e);
            throw e;
        }
    }

    private List<Planned> hear(Actors actors, ConsumerRecord<String, byte[]> message) {
        var type = HEARD.get(message.topic());
        if (type == null || message.value() == null) {
            return List.of();
        }
        SpecificRecordBase value;
        try {
            value = decoder.decode(message.value(), type);
        } catch (RuntimeException e) { // anyone may send anything here, and the service has a place for it
            LOG.warn("nobody understands a record on {}: {}", message.topic(), e.toString());
            return List.of();
        }
        return actors.hear(value, Instant.now().truncatedTo(ChronoUnit.MILLIS));
    }
}
