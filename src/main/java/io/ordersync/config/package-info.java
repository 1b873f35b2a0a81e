/**
 * The settings, and the only place where the parts are wired. Depends on all others; nothing depends on it.
 */
@NullMarked
package io.ordersync.config;

import org.jspecify.annotations.NullMarked;
