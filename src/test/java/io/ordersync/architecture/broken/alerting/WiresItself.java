package io.ordersync.architecture.broken.alerting;

import org.springframework.kafka.annotation.KafkaListener;

/** Breaks a rule. */
final class WiresItself {

    @KafkaListener
    void read() {}
}
