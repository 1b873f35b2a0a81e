package io.ordersync.dev;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where other programs find the development mode's services.
 *
 * @param brokerPort the Kafka broker's port on localhost; 0 for a free one
 * @param registryPort the schema registry's port on localhost; 0 for a free one
 */
@ConfigurationProperties("dev")
record DevProperties(
        @DefaultValue("9092") int brokerPort,
        @DefaultValue("8081") int registryPort) {}
