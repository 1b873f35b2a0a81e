package io.ordersync.architecture.broken.streams;

import org.springframework.boot.context.properties.ConfigurationProperties;

/** Breaks a rule. */
@ConfigurationProperties("broken")
final class WiresItself {}
