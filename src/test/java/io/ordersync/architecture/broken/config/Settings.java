package io.ordersync.architecture.broken.config;

/** Breaks a rule. */
public final class Settings {

    private Settings() {}

    public static int value() {
        return 1;
    }
}
