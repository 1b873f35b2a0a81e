package io.ordersync.architecture.broken.streams;

/** Breaks a rule. */
public final class Stream {

    private Stream() {}

    public static int value() {
        return 1;
    }
}
