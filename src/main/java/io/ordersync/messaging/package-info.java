/**
 * The edges: the bytes of the inputs become facts, effects become the bytes of the outputs, what can't be read becomes a
 * dead letter. Depends on the domain, Avro and a schema registry; Avro's types stay in here, but for a record one asks for.
 */
@NullMarked
package io.ordersync.messaging;

import org.jspecify.annotations.NullMarked;
