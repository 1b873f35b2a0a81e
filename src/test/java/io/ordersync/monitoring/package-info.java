/** What Prometheus is asked, read as far as tests need it. */
@NullMarked
package io.ordersync.monitoring;

import org.jspecify.annotations.NullMarked;
