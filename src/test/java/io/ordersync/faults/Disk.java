package io.ordersync.faults;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A disk that holds little, and that can be filled: a tmpfs mounted at a directory, which only root may do. */
final class Disk implements AutoCloseable {

    private final Path directory;

    Disk(Path directory, int megabytes) {
        Commands.requireRootAnd("mount", "umount");
        this.directory = directory;
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Commands.run(
                "mount", "-t", "tmpfs", "-o", "size=" + megabytes + "m", "order-sync-faults", directory.toString());
        // Also when this JVM is told to stop.
        Runtime.getRuntime().addShutdownHook(new Thread(this::close));
    }

    /** Leaves no room. */
    void fill() {
        byte[] some = new byte[4096];
        try (OutputStream filler = Files.newOutputStream(filler())) {
            while (true) {
                filler.write(some);
            }
        } catch (IOException full) {
            if (directory.toFile().getUsableSpace() > 0) {
                throw new UncheckedIOException(full);
            }
        }
    }

    boolean isFull() {
        return directory.toFile().getUsableSpace() == 0;
    }

    /** Takes away what {@link #fill} put there. */
    void empty() {
        try {
            Files.delete(filler());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path filler() {
        return directory.resolve("filler");
    }

    @Override
    public synchronized void close() {
        try {
            if (Files.getFileStore(directory).name().equals("order-sync-faults")) {
                Commands.run("umount", "-l", directory.toString());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
