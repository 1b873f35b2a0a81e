package io.ordersync.architecture.broken.messaging;

import io.ordersync.architecture.broken.observability.Meter;

/** Breaks a rule. */
final class KnowsObservability {

    int value() {
        return Meter.value();
    }
}
