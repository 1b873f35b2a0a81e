/**
 * What is known of an order, what should be in force, and the difference to what was sent: plain values and arithmetic.
 * Depends on java and JSpecify only; time and ids come in, nothing here logs, waits or draws a random number.
 */
@NullMarked
package io.ordersync.domain;

import org.jspecify.annotations.NullMarked;
