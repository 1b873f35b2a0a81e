/**
 * What an operator sees: metrics and health. Depends on what it watches through the small interfaces declared there.
 */
@NullMarked
package io.ordersync.observability;

import org.jspecify.annotations.NullMarked;
