package io.ordersync.faults;

import java.util.List;

/**
 * What came of the stories: in a service that keeps its promise the three lists are empty.
 *
 * @param stories how many were told
 * @param lost what had to be said, and was not, and cases that did not end as they had to
 * @param twice what was said more than once
 * @param wrong what was said, and had not to be
 * @param late how many alerts said, as they had to, that an answer was late
 */
record Verdict(int stories, List<String> lost, List<String> twice, List<String> wrong, int late) {

    boolean isClean() {
        return lost.isEmpty() && twice.isEmpty() && wrong.isEmpty();
    }

    @Override
    public String toString() {
        return stories + " stories, " + lost.size() + " lost, " + twice.size() + " twice, " + wrong.size() + " wrong, "
                + late + " late" + some("lost", lost) + some("twice", twice) + some("wrong", wrong);
    }

    private static String some(String title, List<String> all) {
        if (all.isEmpty()) {
            return "";
        }
        return "\n" + title + ":\n  "
                + String.join("\n  ", all.subList(0, Math.min(20, all.size())))
                + (all.size() > 20 ? "\n  and " + (all.size() - 20) + " more" : "");
    }
}
