package io.ordersync.streams;

import java.util.concurrent.CompletableFuture;
import org.apache.kafka.streams.KafkaStreams;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells that the stream has stopped for good. Kafka Streams starts nothing again after that: a process that lives on handles
 * no event, and only who runs it can start it anew.
 */
public final class StreamEnd implements KafkaStreams.StateListener {

    private static final Logger LOG = LoggerFactory.getLogger(StreamEnd.class);

    private final CompletableFuture<Void> stopped = new CompletableFuture<>();

    /** Has this done once the stream has stopped by a failure, on a thread of its own; never when it was asked to stop. */
    @SuppressWarnings("FutureReturnValueIgnored") // what it does is all there is to it
    public void then(Runnable action) {
        stopped.thenRunAsync(action, task -> Thread.ofPlatform().name("end").start(task));
    }

    @Override
    public void onChange(KafkaStreams.State newState, KafkaStreams.State oldState) {
        if (newState == KafkaStreams.State.ERROR) {
            LOG.error("the stream has stopped for good: to go on, the service has to be started anew");
            stopped.complete(null);
        }
    }
}
