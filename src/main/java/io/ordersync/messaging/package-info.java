/**
 * The edges: the bytes of the inputs become facts, effects become the bytes of the outputs, what can't be read becomes a
 * dead letter. Depends on the domain, Avro and a schema registry; Avro's types do not leave it, but for {@code OrderAlert}.
 */
@NullMarked
package io.ordersync.messaging;

import org.jspecify.annotations.NullMarked;
