package io.ordersync.faults;

import io.ordersync.dev.DevRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Function;
import org.springframework.util.FileSystemUtils;

/** What deployments of the service share: brokers, a registry, and a directory that goes with it. */
final class Site implements AutoCloseable {

    final Path directory;
    final DevRegistry registry;
    final Brokers brokers;

    /** So many brokers on localhost. */
    Site(int brokers) {
        this("localhost", directory -> Brokers.started(brokers, directory));
    }

    /**
     * With brokers that are made otherwise.
     *
     * @param host where the registry listens
     * @param brokers makes and starts them, their data in a directory
     */
    Site(String host, Function<Path, Brokers> brokers) {
        try {
            directory = Files.createTempDirectory("order-sync-faults");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        registry = new DevRegistry(host, 0);
        this.brokers = brokers.apply(directory.resolve("brokers"));
    }

    @Override
    public void close() {
        brokers.close();
        registry.close();
        try {
            FileSystemUtils.deleteRecursively(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
