package io.ordersync.faults;

/** What an instance says of its stream's threads since it was started. */
record Deaths(long replaced, long migrated) {

    static Deaths of(Instance instance) {
        String said = instance.process().said();
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
