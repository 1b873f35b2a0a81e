package io.ordersync.wire.somebody;

/** See {@link Gift}. */
public enum Colour {
    RED,
    NONE
}
