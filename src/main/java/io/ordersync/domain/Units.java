package io.ordersync.domain;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Units by order line: a count that is worked on. Lines without units do not show. */
final class Units {

    private final TreeMap<String, Long> byLine = new TreeMap<>();

    static Units of(SortedMap<String, Long> units) {
        Units copy = new Units();
        copy.byLine.putAll(units);
        return copy;
    }

    /** Nothing that is done to one of them shows in the other. */
    Units copy() {
        return of(byLine);
    }

    void addAll(Units other) {
        other.byLine.forEach(this::add);
    }

    long on(String lineId) {
        return byLine.getOrDefault(lineId, 0L);
    }

    void add(String lineId, long units) {
        if (units > 0) {
            byLine.merge(lineId, units, Long::sum);
        }
    }

    /** Takes away up to {@code atMost} units of the line. @return how many there were to take */
    long take(String lineId, long atMost) {
        long taken = Math.min(on(lineId), atMost);
        if (taken == on(lineId)) {
            byLine.remove(lineId);
        } else {
            byLine.put(lineId, on(lineId) - taken);
        }
        return taken;
    }

    boolean isEmpty() {
        return byLine.isEmpty();
    }

    long total() {
        long total = 0;
        for (long units : byLine.values()) {
            total += units;
        }
        return total;
    }

    boolean fitsIn(Units other) {
        for (Map.Entry<String, Long> line : byLine.entrySet()) {
            if (line.getValue() > other.on(line.getKey())) {
                return false;
            }
        }
        return true;
    }

    /** What both have. */
    Units common(Units other) {
        Units common = new Units();
        byLine.forEach((line, units) -> common.add(line, Math.min(units, other.on(line))));
        return common;
    }

    Units plus(Units other) {
        Units sum = copy();
        sum.addAll(other);
        return sum;
    }

    Units minus(Units other) {
        Units rest = copy();
        other.byLine.forEach(rest::take);
        return rest;
    }

    /** As it is now; later changes do not show in it. */
    SortedMap<String, Long> asMap() {
        return Collections.unmodifiableSortedMap(new TreeMap<>(byLine));
    }
}
