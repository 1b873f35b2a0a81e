/**
 * The development mode: a broker, a schema registry, a simulated shop and those who answer it in one JVM with the service.
 * Test code only; it knows the contract's records and topics, and nothing of the service but its main class.
 */
@NullMarked
package io.ordersync.dev;

import org.jspecify.annotations.NullMarked;
