/**
 * What the service promises, under the faults that really happen: {@code ./mvnw verify -Pfaults}. Brokers and instances are
 * processes of their own; the orders' stories say what has to come out of each, and what came out is read as committed.
 */
@NullMarked
package io.ordersync.faults;

import org.jspecify.annotations.NullMarked;
