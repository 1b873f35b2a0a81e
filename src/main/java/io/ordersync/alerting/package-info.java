/**
 * The relay: alerts from their topic to people, by chats and by systems that page. Knows the contract, Kafka's clients and
 * the channels; nothing of how an alert came to be. It reads what was committed, beside the stream and never in its way.
 */
@NullMarked
package io.ordersync.alerting;

import org.jspecify.annotations.NullMarked;
