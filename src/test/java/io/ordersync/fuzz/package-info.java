/**
 * Bytes that nobody would write, for all that reads bytes: {@link io.ordersync.fuzz.EdgeFuzz}, {@code StateFuzz} and {@code
 * StreamFuzz} each take one input and fail if it does what it must not. Jazzer calls them, led by what they cover
 * ({@code FuzzFaults}), and {@code FuzzTest} a few thousand times in each build.
 */
@NullMarked
package io.ordersync.fuzz;

import org.jspecify.annotations.NullMarked;
