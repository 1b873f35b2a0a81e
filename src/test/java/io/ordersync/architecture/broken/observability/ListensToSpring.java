package io.ordersync.architecture.broken.observability;

import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;

/** Breaks a rule. */
final class ListensToSpring {

    @EventListener
    void on(ContextClosedEvent closed) {
        closed.getTimestamp();
    }
}
