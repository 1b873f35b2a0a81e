package io.ordersync.monitoring;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What a service exports to Prometheus at a moment: the names of its series with their labels. */
public record Scrape(List<Series> series, Map<String, String> help) {

    private static final Pattern HELP = Pattern.compile("# HELP (\\S+) ?(.*)");
    private static final Pattern SAMPLE = Pattern.compile("([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\\{(.*)})? \\S+");
    private static final Pattern LABEL = Pattern.compile("([a-zA-Z_][a-zA-Z0-9_]*)=\"((?:[^\"\\\\]|\\\\.)*)\"");

    /** One series. */
    public record Series(String name, Map<String, String> labels) {}

    /** Reads Prometheus' text format. */
    public static Scrape of(String text) {
        List<Series> series = new ArrayList<>();
        Map<String, String> help = new HashMap<>();
        text.lines().forEach(line -> {
            Matcher told = HELP.matcher(line);
            Matcher sample = SAMPLE.matcher(line);
            if (told.matches()) {
                help.put(told.group(1), told.group(2));
            } else if (sample.matches()) {
                series.add(new Series(sample.group(1), labels(sample.group(2))));
            }
        });
        return new Scrape(series, help);
    }

    private static Map<String, String> labels(@Nullable String text) {
        Map<String, String> labels = new HashMap<>();
        if (text != null) {
            Matcher each = LABEL.matcher(text);
            while (each.find()) {
                labels.put(each.group(1), each.group(2));
            }
        }
        return labels;
    }

    /** The names of all series. */
    public Set<String> names() {
        return series.stream().map(Series::name).collect(Collectors.toSet());
    }
}
