package io.ordersync.architecture.broken.domain;

import org.apache.kafka.common.utils.Bytes;

/** Breaks a rule. */
final class KnowsKafka {

    int value() {
        return Bytes.EMPTY.length;
    }
}
