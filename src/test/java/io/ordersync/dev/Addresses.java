package io.ordersync.dev;

/**
 * Where the simulated shop finds what it shares with the service.
 *
 * @param bootstrapServers of the cluster
 * @param registryUrl base URL of one schema registry
 */
record Addresses(String bootstrapServers, String registryUrl) {}
