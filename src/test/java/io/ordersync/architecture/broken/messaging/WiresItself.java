package io.ordersync.architecture.broken.messaging;

import org.springframework.context.annotation.Bean;

/** Breaks a rule. */
final class WiresItself {

    @Bean
    Object bean() {
        return this;
    }
}
