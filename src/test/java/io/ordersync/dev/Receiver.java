package io.ordersync.dev;

import java.util.Map;

/**
 * Which commands a receiver obeys, as the contract has it: each once, none of a generation lower than it has seen for the same
 * subject, and of equal generations the one that takes back.
 */
final class Receiver {
    private static final int REMEMBERED = 100_000;

    private final Map<String, Boolean> commandIds = new Bounded<>(REMEMBERED);
    private final Map<String, Latest> latest = new Bounded<>(REMEMBERED);

    private record Latest(long generation, boolean takesBack) {
        boolean holdsAgainst(Latest other) {
            return generation > other.generation || (generation == other.generation && takesBack && !other.takesBack);
        }
    }

    /**
     * Whether to obey a command, and remembers it.
     *
     * @param subject what is locked, pulled or intercepted
     * @param takesBack a RELEASE or CANCEL
     */
    boolean obeys(String commandId, String subject, long generation, boolean takesBack) {
        if (commandIds.putIfAbsent(commandId, true) != null) {
            return false;
        }
        var command = new Latest(generation, takesBack);
        var known = latest.get(subject);
        if (known != null && known.holdsAgainst(command)) {
            return false;
        }
        latest.put(subject, command);
        return true;
    }
}
