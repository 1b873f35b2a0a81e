/**
 * Benchmarks, by {@code ./mvnw verify -Pbench}: a broker and the service in processes of their own, candidates in turns, and
 * each is asked what it found.
 */
@NullMarked
package io.ordersync.bench;

import org.jspecify.annotations.NullMarked;
