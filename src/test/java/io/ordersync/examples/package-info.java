/**
 * Small programs around the service, for those who write one: docs/integrating.md shows them. They use Kafka's clients, the
 * contract's records and {@code io.ordersync.wire}, and nothing else of this project.
 */
@NullMarked
package io.ordersync.examples;

import org.jspecify.annotations.NullMarked;
