package io.ordersync.architecture.broken.messaging;

import io.ordersync.architecture.broken.streams.Stream;

/** Breaks a rule. */
final class KnowsStreams {

    int value() {
        return Stream.value();
    }
}
