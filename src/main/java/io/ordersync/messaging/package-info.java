/**
 * The edges: the bytes of the inputs become facts, effects become the bytes of the outputs, what can't be read becomes a
 * dead letter. Depends on the domain, the wire, Avro and Kafka's common classes; Avro's types stay in here.
 */
@NullMarked
package io.ordersync.messaging;

import org.jspecify.annotations.NullMarked;
