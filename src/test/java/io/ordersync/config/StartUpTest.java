package io.ordersync.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.apache.kafka.streams.errors.ProcessorStateException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;

/** Which state is thrown away: by what RocksDB itself says of one. */
class StartUpTest {

    @TempDir
    Path directory;

    @Test
    void takesAManifestWithOtherBytesForADamage() throws Exception {
        make();
        try (var files = Files.newDirectoryStream(directory, "MANIFEST-*")) {
            Path manifest = files.iterator().next();
            byte[] bytes = Files.readAllBytes(manifest);
            bytes[bytes.length / 2] ^= 0x55;
            Files.write(manifest, bytes);
        }

        assertThat(StartUp.isDamaged(failureToOpen())).isTrue();
    }

    @Test
    void takesAFileThatIsMissingForADamage() throws Exception {
        make();
        try (var files = Files.newDirectoryStream(directory, "MANIFEST-*")) {
            Files.delete(files.iterator().next());
        }

        assertThat(StartUp.isDamaged(failureToOpen())).isTrue();
        assertThat(StartUp.isDamaged(new ProcessorStateException("why", new NoSuchFileException("000012.sst"))))
                .isTrue();
    }

    @Test
    void takesWhatTheSystemRefusesForNoDamage() throws Exception {
        make();
        // Whoever has it open holds its lock: like too many open files, it passes.
        try (Options options = new Options();
                RocksDB other = RocksDB.open(options, directory.toString())) {
            assertThat(other.isOwningHandle()).isTrue();
            assertThat(StartUp.isDamaged(failureToOpen())).isFalse();
        }
        FileSystemException refused = new FileSystemException("rocksdb", null, "Too many open files");
        assertThat(StartUp.isDamaged(new ProcessorStateException("why", refused)))
                .isFalse();
        assertThat(StartUp.isDamaged(new ProcessorStateException("why", new AccessDeniedException("rocksdb"))))
                .isFalse();
    }

    private void make() throws RocksDBException {
        try (Options options = new Options().setCreateIfMissing(true);
                RocksDB made = RocksDB.open(options, directory.toString())) {
            made.put(new byte[] {1}, new byte[] {2});
        }
    }

    private ProcessorStateException failureToOpen() {
        RocksDBException[] thrown = new RocksDBException[1];
        try (Options options = new Options()) {
            assertThatThrownBy(() -> RocksDB.open(options, directory.toString()))
                    .isInstanceOfSatisfying(RocksDBException.class, e -> thrown[0] = e);
        }
        return new ProcessorStateException("Error opening store", thrown[0]);
    }
}
