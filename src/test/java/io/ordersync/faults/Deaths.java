package io.ordersync.faults;

/** What instances say of their streams' threads. */
record Deaths(long replaced, long migrated) {

    static Deaths of(Instance instance) {
        return in(instance.process().said());
    }

    static Deaths in(String said) {
        return new Deaths(
                said.lines()
                        .filter(line -> line.contains("stream thread died and is replaced"))
                        .count(),
                said.lines()
                        .filter(line -> line.contains("Detected that the thread is being fenced"))
                        .count());
    }

    @Override
    public String toString() {
        return replaced + " threads replaced, " + migrated + " fenced";
    }
}
