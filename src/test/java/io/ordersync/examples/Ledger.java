package io.ordersync.examples;

import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.DSYNC;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** Which commands were obeyed and what was answered, over restarts. A file here; in your system a table. */
final class Ledger {

    /**
     * @param subject what the command is about: of one subject the highest generation holds
     * @param takesBack a RELEASE or CANCEL
     * @param status what was answered last, or ASKED before the first answer
     * @param at when that was so, in ms since 1970, UTC
     */
    record Entry(
            String commandId,
            String subject,
            long generation,
            boolean takesBack,
            String orderKey,
            String platform,
            String shopId,
            String orderId,
            String status,
            @Nullable String reason,
            long at) {

        Entry answered(Object status, @Nullable Object reason, long at) {
            String why = reason == null ? null : reason.toString();
            return new Entry(
                    commandId,
                    subject,
                    generation,
                    takesBack,
                    orderKey,
                    platform,
                    shopId,
                    orderId,
                    status.toString(),
                    why,
                    at);
        }
    }

    private final Path file;
    private final Map<String, Entry> entries = new LinkedHashMap<>();

    Ledger(Path file) {
        this.file = file;
        try {
            if (Files.exists(file)) {
                Files.readAllLines(file)
                        .forEach(line -> keep(JsonMapper.shared().readValue(line, Entry.class)));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Nullable
    Entry find(@Nullable String commandId) {
        return commandId == null ? null : entries.get(commandId);
    }

    List<Entry> entries() {
        return List.copyOf(entries.values());
    }

    // region: overruled
    /** A lower generation is ignored; of equal ones the RELEASE or CANCEL holds, whichever came first. */
    boolean isOverruled(String subject, long generation, boolean takesBack) {
        return entries.values().stream()
                .filter(known -> known.subject().equals(subject))
                .anyMatch(known -> known.generation() > generation
                        || (known.generation() == generation && known.takesBack() && !takesBack));
    }
    // endregion

    /** It is on the disk when this returns. */
    void write(Entry entry) {
        try {
            Files.writeString(file, JsonMapper.shared().writeValueAsString(entry) + '\n', CREATE, APPEND, DSYNC);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        keep(entry);
    }

    private void keep(Entry entry) {
        entries.put(entry.commandId(), entry);
    }
}
