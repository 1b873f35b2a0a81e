package io.ordersync.domain;

/** A fact and the order it is about, as an input told them. */
public record Arrival(OrderKey order, Fact fact) {}
