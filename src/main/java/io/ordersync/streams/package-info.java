/**
 * The stream: one processor, one store, one record for each order. Depends on Kafka Streams and {@code domain} only; what
 * reads and writes messages is handed in.
 */
@NullMarked
package io.ordersync.streams;

import org.jspecify.annotations.NullMarked;
