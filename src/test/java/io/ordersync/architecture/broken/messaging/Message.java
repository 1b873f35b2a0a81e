package io.ordersync.architecture.broken.messaging;

/** Breaks a rule. */
public final class Message {

    private Message() {}

    public static int value() {
        return 1;
    }
}
