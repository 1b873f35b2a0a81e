package io.ordersync.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Commands of the operating system, some of which only root may give. */
final class Commands {

    private Commands() {}

    /**
     * Gives one and waits.
     *
     * @return what it says
     * @throws IllegalStateException when it fails; the message is what it said
     */
    static String run(String... command) {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int code = process.waitFor();
            if (code != 0) {
                throw new IllegalStateException(
                        String.join(" ", command) + " failed with " + code + ": " + said.strip());
            }
            return said;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Makes sure that this is root, and that the tools are there. */
    static void requireRootAnd(String... tools) {
        if (!run("id", "-u").strip().equals("0")) {
            throw new IllegalStateException("only root may do this, with " + String.join(", ", tools) + " installed");
        }
        for (String tool : List.of(tools)) {
            try {
                run("sh", "-c", "command -v " + tool);
            } catch (IllegalStateException e) {
                throw new IllegalStateException(tool + " is not installed", e);
            }
        }
    }
}
