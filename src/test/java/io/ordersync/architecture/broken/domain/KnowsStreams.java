package io.ordersync.architecture.broken.domain;

import io.ordersync.architecture.broken.streams.Stream;

/** Breaks a rule. */
final class KnowsStreams {

    int value() {
        return Stream.value();
    }
}
