/** Stands for the classes that a user of the wire has generated. */
@NullMarked
package io.ordersync.wire.somebody;

import org.jspecify.annotations.NullMarked;
