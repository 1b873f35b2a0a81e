/**
 * The wire: Kafka serializer and deserializer of Avro records in Confluent's format, configured by Confluent's keys. Usable
 * by any producer and consumer; depends on Kafka's clients and Avro (with the Jackson that Avro brings), and on nothing of
 * the service.
 */
@NullMarked
package io.ordersync.wire;

import org.jspecify.annotations.NullMarked;
