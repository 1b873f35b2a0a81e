package io.ordersync.faults;

import io.ordersync.process.ChildJvm;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** A wall clock for processes that are started with it: all others go right. Made by the C compiler, gcc, for Linux. */
final class WallClock {

    private final Path library;
    private final Path file;

    /** Goes right. */
    WallClock(Path directory) {
        Commands.run("gcc", "--version");
        library = directory.resolve("clock.so");
        file = directory.resolve("clock");
        Commands.run(
                "gcc",
                "-shared",
                "-fPIC",
                "-O2",
                "-o",
                library.toString(),
                Path.of("src", "test", "resources", "faults", "clock.c").toString());
        try {
            Files.write(file, new byte[Long.BYTES]);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** From now on it is so much ahead, also in processes that run; less than zero: behind. */
    void put(Duration ahead) {
        byte[] seconds = ByteBuffer.allocate(Long.BYTES)
                .order(ByteOrder.nativeOrder())
                .putLong(ahead.toSeconds())
                .array();
        // In place: processes have it mapped.
        try (RandomAccessFile mapped = new RandomAccessFile(file.toFile(), "rw")) {
            mapped.write(seconds);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Has a process go by it. */
    ChildJvm.Plan in(ChildJvm.Plan plan) {
        return plan.environment("LD_PRELOAD", library.toString()).environment("CLOCK_FILE", file.toString());
    }
}
