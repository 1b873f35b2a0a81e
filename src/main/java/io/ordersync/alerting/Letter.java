package io.ordersync.alerting;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.ordersync.contract.AlertState;
import io.ordersync.contract.OrderAlert;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * What one request tells.
 *
 * @param group the name of what its alerts have in common
 * @param entries as they were read; of one alert there may be several
 */
record Letter(String group, List<Entry> entries) {

    private static final Comparator<Entry> GRAVEST_FIRST = Comparator.comparing(
                    (Entry entry) -> entry.alert().getState() == AlertState.RESOLVED)
            .thenComparing(entry -> entry.alert().getSeverity(), Comparator.reverseOrder())
            .thenComparing(entry -> entry.alert().getExposureMinor(), Comparator.nullsLast(Comparator.reverseOrder()));

    Letter {
        if (entries.isEmpty()) {
            throw new IllegalArgumentException("a letter without an alert");
        }
        entries = List.copyOf(entries);
    }

    /** The same whenever the same records are told together: whoever was told twice can know it. */
    String id() {
        String all = entries.stream()
                .map(entry -> entry.record().topic() + "-" + entry.id())
                .collect(Collectors.joining(","));
        return UUID.nameUUIDFromBytes(all.getBytes(UTF_8)).toString();
    }

    /** The last that was said of each alert, the gravest that still holds first. */
    List<Entry> standing() {
        Map<String, Entry> last = new LinkedHashMap<>();
        entries.forEach(entry -> last.put(entry.alertId(), entry));
        List<Entry> standing = new ArrayList<>(last.values());
        standing.sort(GRAVEST_FIRST);
        return standing;
    }

    /** The gravest. */
    OrderAlert first() {
        return standing().getFirst().alert();
    }
}
