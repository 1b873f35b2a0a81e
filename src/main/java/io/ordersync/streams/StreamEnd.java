package io.ordersync.streams;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.ThreadMetadata;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells that the stream has stopped for good. Kafka Streams starts nothing again after that: a process that lives on handles
 * no event, and only who runs it can start it anew. Two ends Kafka Streams does not tell, and so they are looked for:
 *
 * <ul>
 *   <li>it runs on without a thread: one died and could not be replaced, since no client or no thread could be made then;
 *   <li>the clock was put back. Kafka's clients and Kafka Streams reckon by the wall clock when to commit, to send a heartbeat,
 *       to ask again: nothing of that is done before the clock is again where it was.
 * </ul>
 */
public final class StreamEnd implements KafkaStreams.StateListener, AutoCloseable {

    /** Without any thread for so many looks: while one is replaced there may be none for a moment. */
    static final int LOOKS = 10;

    /** So long the group and the broker's transactions bear with one who is silent: their timeouts in Kafka Streams. */
    static final Duration PUT_BACK = Duration.ofSeconds(10);

    private static final Logger LOG = LoggerFactory.getLogger(StreamEnd.class);
    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);

    /** True: by a failure; false: nobody waits for it any more. */
    private final CompletableFuture<Boolean> stopped = new CompletableFuture<>();

    private final InstantSource clock;
    private volatile BooleanSupplier deserted = () -> false;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("stream-end").daemon().factory());

    // Of the thread alone.
    private int found;
    private Duration ahead;
    private String lastFailure = "";

    /** @param clock the wall clock */
    public StreamEnd(InstantSource clock) {
        this.clock = clock;
        ahead = ahead();
    }

    /** Does the stream say that it runs, and has no thread? */
    public static boolean isDeserted(KafkaStreams streams) {
        if (!streams.state().isRunningOrRebalancing()) {
            return false;
        }
        // Among these is also one that was made, and could not be started.
        Set<String> listed = streams.metadataForLocalThreads().stream()
                .map(ThreadMetadata::threadName)
                .collect(Collectors.toSet());
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        return Arrays.stream(threads.getThreadInfo(threads.getAllThreadIds()))
                .noneMatch(alive -> alive != null && listed.contains(alive.getThreadName()));
    }

    /** Looks from now on whether the clock is put back. */
    @SuppressWarnings("FutureReturnValueIgnored") // it ends with the thread
    public void start() {
        thread.scheduleWithFixedDelay(
                this::look, BETWEEN_LOOKS.toMillis(), BETWEEN_LOOKS.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Looks from now on also whether there is no thread left. */
    public void watch(KafkaStreams streams) {
        watch(() -> isDeserted(streams));
    }

    void watch(BooleanSupplier noThreadLeft) {
        deserted = noThreadLeft;
    }

    /**
     * Has this done once the stream has stopped by a failure, on a thread of its own; never when it was asked to stop. The
     * thread is made now, for in the end it may be that none can be made; and it keeps the process until it has done it.
     */
    public void then(Runnable action) {
        Thread.ofPlatform().name("end").daemon(false).start(() -> {
            if (stopped.join()) {
                action.run();
            }
        });
    }

    /** From the first sign of the end on: what closes the stream may wait for long for a broker that does not answer. */
    @Override
    public void onChange(KafkaStreams.State newState, KafkaStreams.State oldState) {
        if (newState == KafkaStreams.State.PENDING_ERROR || newState == KafkaStreams.State.ERROR) {
            stop("the stream has stopped for good");
        }
    }

    void look() {
        try {
            Duration now = ahead();
            Duration back = ahead.minus(now);
            ahead = now;
            if (back.compareTo(PUT_BACK) > 0) {
                stop("the clock was put back by " + back.toSeconds() + " s");
            }
            found = deserted.getAsBoolean() ? found + 1 : 0;
            if (found == LOOKS) {
                stop("the stream has no thread left, and none could be made");
            }
            lastFailure = "";
        } catch (RuntimeException | Error e) {
            // What is thrown from here would end all looks.
            if (!lastFailure.equals(e.toString())) {
                lastFailure = e.toString();
                LOG.warn("it is not known whether the stream has a thread left", e);
            }
        }
    }

    /** Of the wall clock before the one that nobody can put; only differences mean something. */
    private Duration ahead() {
        while (true) {
            long before = System.nanoTime();
            Duration wall = Duration.ofMillis(clock.millis());
            // Else it was held up between the two, and they are not of one moment.
            if (System.nanoTime() - before < TimeUnit.SECONDS.toNanos(1)) {
                return wall.minusNanos(before);
            }
        }
    }

    /** Has it stopped by a failure? */
    boolean hasStopped() {
        return stopped.getNow(false);
    }

    private void stop(String why) {
        if (stopped.complete(true)) {
            LOG.error("{}: to go on, the service has to be started anew", why);
        }
    }

    @Override
    public void close() {
        stopped.complete(false);
        thread.shutdownNow();
    }
}
