package io.ordersync.faults;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** Starts an instance anew whenever it has ended by itself, as what runs containers does. The instance is its alone until it is closed. */
final class Platform implements AutoCloseable {

    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(100);

    private final Instance instance;
    private final List<Integer> codes = new ArrayList<>();
    private final List<String> sayings = new ArrayList<>();
    private final Thread thread = new Thread(this::run, "platform");
    private volatile boolean closed;

    /** @param instance was started */
    Platform(Instance instance) {
        this.instance = instance;
        thread.start();
    }

    private void run() {
        while (!closed) {
            if (!instance.isAlive()) {
                synchronized (this) {
                    codes.add(instance.process().awaitExit(BETWEEN_LOOKS));
                    sayings.add(instance.process().said());
                }
                instance.start();
            }
            LockSupport.parkNanos(BETWEEN_LOOKS.toNanos());
        }
    }

    /** With which it ended, each time. */
    synchronized List<Integer> codes() {
        return List.copyOf(codes);
    }

    /** All that it said, by whichever process. */
    synchronized String said() {
        return String.join("", sayings) + instance.process().said();
    }

    @Override
    public void close() {
        closed = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
