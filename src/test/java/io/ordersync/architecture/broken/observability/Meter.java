package io.ordersync.architecture.broken.observability;

/** Breaks a rule. */
public final class Meter {

    private Meter() {}

    public static int value() {
        return 1;
    }
}
