package io.ordersync.architecture.broken.observability;

import io.ordersync.architecture.broken.config.Settings;

/** Breaks a rule. */
final class KnowsConfig {

    int value() {
        return Settings.value();
    }
}
