/** The vendors of channels, as servers on loopback that take and refuse what the documents of each say. */
@NullMarked
package io.ordersync.vendors;

import org.jspecify.annotations.NullMarked;
