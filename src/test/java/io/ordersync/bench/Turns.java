package io.ordersync.bench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Candidates in turns, so that what else goes on on the machine meets all of them. */
final class Turns {

    private Turns() {}

    /**
     * Each round begins with another candidate: what one leaves to be done would always fall to the same one.
     *
     * @param run of one candidate
     * @return what came of each, in the order of the candidates
     */
    static <C, R> Map<String, List<R>> take(Map<String, C> candidates, int rounds, Function<C, R> run) {
        Map<String, List<R>> results = new LinkedHashMap<>();
        candidates.keySet().forEach(name -> results.put(name, new ArrayList<>()));
        List<Map.Entry<String, C>> order = new ArrayList<>(candidates.entrySet());
        for (int round = 0; round < rounds; round++) {
            for (Map.Entry<String, C> candidate : order) {
                R result = run.apply(candidate.getValue());
                results.computeIfAbsent(candidate.getKey(), name -> new ArrayList<>())
                        .add(result);
                System.out.println(candidate.getKey() + ": " + result);
            }
            Collections.rotate(order, -1);
        }
        return results;
    }
}
