package io.ordersync.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.util.FileSystemUtils;

/** The state directory is deleted, corrupted or full. What is in it can always be had from the changelog. */
class StateFaults {

    private static final int RUNS = Integer.getInteger("faults.state", 10);
    private static final int FULL_MEGABYTES = 64;
    private static final Duration FULL = Duration.ofSeconds(Integer.getInteger("faults.full.seconds", 60));

    @Test
    void theStateIsDeletedWhileTheInstanceRuns() {
        Row row = new Row("state directory deleted while the instance runs");
        int entries = 0;
        int ended = 0;
        try (Site site = new Site(1);
                Deployment deployment = new Deployment(site, "state.", 4)) {
            Instance only = instance(deployment).start().awaitReady();
            Traffic traffic = deployment.traffic(20);
            for (int i = 0; i < RUNS; i++) {
                LockSupport.parkNanos(Duration.ofSeconds(1).toNanos());
                entries += count(only.state());
                delete(only.state());
                long struck = System.nanoTime();
                try (Platform platform = new Platform(only)) {
                    traffic.awaitRecovery(struck, Duration.ofMinutes(2));
                    ended += platform.codes().size();
                }
                if (i % 2 == 0) {
                    only.kill();
                } else {
                    // With a code of its own: it can't leave its state as it should.
                    only.process().terminate();
                    only.process().awaitExit(Duration.ofMinutes(1));
                }
                long down = System.nanoTime();
                only.start();
                try (Platform platform = new Platform(only)) {
                    row.recovered(traffic.awaitRecovery(down, Duration.ofMinutes(2)));
                    assertThat(platform.codes()).isEmpty();
                }
            }
            row.judged(traffic.finish(Duration.ofMinutes(3)));
        }
        row.struck(entries + " files and directories deleted; " + ended
                        + " times the process ended by itself meanwhile")
                .requireClean();
        assertThat(entries).isPositive();
    }

    @Test
    void theStateIsDeletedWhileTheInstanceIsDown() {
        Row row = new Row("state directory deleted while the instance is down");
        int entries = 0;
        try (Site site = new Site(1);
                Deployment deployment = new Deployment(site, "state.", 4)) {
            Instance only = instance(deployment).start().awaitReady();
            Traffic traffic = deployment.traffic(20);
            for (int i = 0; i < RUNS; i++) {
                LockSupport.parkNanos(Duration.ofSeconds(1).toNanos());
                if (i % 2 == 0) {
                    only.stop();
                } else {
                    only.kill();
                }
                long ended = System.nanoTime();
                entries += count(only.state());
                delete(only.state());
                only.start();
                try (Platform platform = new Platform(only)) {
                    row.recovered(traffic.awaitRecovery(ended, Duration.ofMinutes(2)));
                    assertThat(platform.codes()).isEmpty();
                }
            }
            row.judged(traffic.finish(Duration.ofMinutes(3)));
        }
        row.struck(entries + " files and directories deleted").requireClean();
        assertThat(entries).isPositive();
    }

    /** What becomes of a file. */
    enum Damage {
        FLIPPED {
            @Override
            void to(Path file, Random random) throws IOException {
                try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
                    for (int i = 0; i < 1 + bytes.length() / 100; i++) {
                        bytes.seek(random.nextLong(bytes.length()));
                        int value = bytes.read();
                        bytes.seek(bytes.getFilePointer() - 1);
                        bytes.write(value ^ 1 << random.nextInt(8));
                    }
                }
            }
        },
        TRUNCATED {
            @Override
            void to(Path file, Random random) throws IOException {
                try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
                    bytes.setLength(random.nextLong(bytes.length()));
                }
            }
        },
        GONE {
            @Override
            void to(Path file, Random random) throws IOException {
                Files.delete(file);
            }
        };

        abstract void to(Path file, Random random) throws IOException;
    }

    @ParameterizedTest
    @EnumSource
    void theStateIsCorruptedWhileTheInstanceIsDown(Damage damage) {
        Row row = new Row("files of the state " + damage + " while the instance is down");
        int damaged = 0;
        int found = 0;
        int ended = 0;
        Random random = new Random(13);
        try (Site site = new Site(1);
                Deployment deployment = new Deployment(site, "state.", 4)) {
            Instance only = instance(deployment).start().awaitReady();
            Traffic traffic = deployment.traffic(20);
            for (String kind : List.of(".sst", "MANIFEST", "CURRENT", "OPTIONS", "kafka-streams-process", "")) {
                LockSupport.parkNanos(Duration.ofSeconds(3).toNanos());
                // Only a state that was left in order is used again.
                only.stop();
                int now = damage(only.state(), kind, damage, random);
                System.out.println(kind + ": " + now + " files " + damage);
                damaged += now;
                long started = System.nanoTime();
                only.start();
                try (Platform platform = new Platform(only)) {
                    row.recovered(traffic.awaitRecovery(started, Duration.ofMinutes(3)));
                    String said = platform.said();
                    int faults = occurrences(said, "it is thrown away") + occurrences(said, "Corruption:");
                    System.out.println(kind + ": said so " + faults + " times, ended with " + platform.codes());
                    found += faults > 0 ? 1 : 0;
                    ended += platform.codes().size();
                }
            }
            ended += finish(traffic, only, row);
        }
        row.struck(damaged + " files; after " + found + " of 6 damages the log says so, " + ended
                        + " times the process ended by itself")
                .requireClean();
        assertThat(found).isPositive();
    }

    @Test
    void theStateIsCorruptedWhileTheInstanceRuns() {
        Row row = new Row("files of the state FLIPPED while the instance runs");
        Random random = new Random(17);
        int damaged = 0;
        int ended = 0;
        try (Site site = new Site(1);
                Deployment deployment = new Deployment(site, "state.", 4)) {
            Instance only = instance(deployment).start().awaitReady();
            Traffic traffic = deployment.traffic(20);
            for (int i = 0; i < RUNS; i++) {
                // After a restart in order there are files, and they are read.
                only.stop();
                only.start().awaitReady();
                traffic.awaitAnswersFromNow();
                damaged += damage(only.state(), "", Damage.FLIPPED, random);
                long struck = System.nanoTime();
                try (Platform platform = new Platform(only)) {
                    row.recovered(traffic.awaitRecovery(struck, Duration.ofMinutes(3)));
                    LockSupport.parkNanos(Duration.ofSeconds(5).toNanos());
                    traffic.awaitRecovery(System.nanoTime(), Duration.ofMinutes(3));
                    ended += platform.codes().size();
                }
                only.process().terminate();
                only.process().awaitExit(Duration.ofMinutes(1));
                only.start();
                try (Platform platform = new Platform(only)) {
                    row.recovered(traffic.awaitRecovery(System.nanoTime(), Duration.ofMinutes(3)));
                    ended += platform.codes().size();
                }
            }
            ended += finish(traffic, only, row);
        }
        row.struck(damaged + " files flipped, " + ended + " times the process ended by itself")
                .requireClean();
        assertThat(damaged).isPositive();
    }

    @Test
    void theDiskIsFull() {
        Row row = new Row("the disk of the state is full for " + FULL.toSeconds() + " s");
        try (Site site = new Site(1);
                Deployment deployment = new Deployment(site, "state.", 4)) {
            Instance only = instance(deployment);
            try (Disk disk = new Disk(only.state(), FULL_MEGABYTES)) {
                only.start().awaitReady();
                Traffic traffic = deployment.traffic(20);
                disk.fill();
                LockSupport.parkNanos(FULL.dividedBy(2).toNanos());
                assertThat(disk.isFull()).isTrue();
                // It has to write when it leaves its state, and when it opens it.
                only.process().terminate();
                only.process().awaitExit(Duration.ofMinutes(1));
                only.start();
                long emptied;
                String said;
                try (Platform platform = new Platform(only)) {
                    LockSupport.parkNanos(FULL.dividedBy(2).toNanos());
                    said = platform.said();
                    disk.empty();
                    emptied = System.nanoTime();
                    row.recovered(traffic.awaitRecovery(emptied, Duration.ofMinutes(3)));
                    row.struck("no byte was free; when started on the full disk " + occurrences(said, "find checkpoint")
                            + " stores were restored from the beginning; ended with " + platform.codes());
                }
                row.judged(traffic.finish(Duration.ofMinutes(3)));
                only.kill();
            }
        }
        row.requireClean();
    }

    /**
     * A damaged file may be read long after it was damaged, when the store is compacted: until the end something starts the
     * instance anew.
     *
     * @return how often it ended by itself
     */
    private static int finish(Traffic traffic, Instance only, Row row) {
        try (Platform platform = new Platform(only)) {
            row.judged(traffic.finish(Duration.ofMinutes(3)));
            return platform.codes().size();
        }
    }

    /** With the memory store there is nothing on disk. */
    private static Instance instance(Deployment deployment) {
        return deployment.instance("only").with("--order-sync.state.store=rocksdb");
    }

    /**
     * Damages the files whose names begin or end so.
     *
     * @return how many
     */
    private static int damage(Path state, String kind, Damage damage, Random random) {
        int damaged = 0;
        for (Path file : files(state)) {
            String name = file.getFileName().toString();
            boolean meant = kind.isEmpty() || name.startsWith(kind) || name.endsWith(kind);
            try {
                if (meant && Files.exists(file) && Files.size(file) > 0 && !name.equals("LOG")) {
                    damage.to(file, random);
                    damaged++;
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return damaged;
    }

    private static List<Path> files(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int count(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            return (int) files.count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path directory) {
        try {
            FileSystemUtils.deleteRecursively(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int occurrences(String text, String what) {
        return text.split(what, -1).length - 1;
    }
}
