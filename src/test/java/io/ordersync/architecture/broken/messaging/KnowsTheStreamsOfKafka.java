package io.ordersync.architecture.broken.messaging;

import org.apache.kafka.streams.StreamsConfig;

/** Breaks a rule. */
final class KnowsTheStreamsOfKafka {

    int value() {
        return StreamsConfig.configDef().names().size();
    }
}
