package io.ordersync.architecture.broken.alerting;

import io.ordersync.architecture.broken.messaging.Message;

/** Breaks a rule. */
final class KnowsMessaging {

    int value() {
        return Message.value();
    }
}
