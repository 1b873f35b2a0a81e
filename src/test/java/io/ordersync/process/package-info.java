/** Processes that tests and benchmarks start beside themselves. */
@NullMarked
package io.ordersync.process;

import org.jspecify.annotations.NullMarked;
