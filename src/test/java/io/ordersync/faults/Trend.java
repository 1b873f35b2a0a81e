package io.ordersync.faults;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * How something measured again and again changes in an hour: the slope by least squares, and its standard error. What was
 * measured within a minute is one point: samples that close say nearly the same, and would make the error too small.
 */
final class Trend {

    private record Sample(double hours, double value) {}

    private final List<Sample> samples = new ArrayList<>();

    synchronized void add(Duration since, double value) {
        samples.add(new Sample(since.toNanos() / 3.6e12, value));
    }

    /** The least-squares line through the minutes after a time. */
    synchronized Line after(Duration warmUp) {
        List<Sample> points = samples.stream()
                .filter(sample -> sample.hours() * 3.6e12 >= warmUp.toNanos())
                .collect(Collectors.groupingBy(sample -> (int) (sample.hours() * 60)))
                .values()
                .stream()
                .map(minute -> new Sample(
                        minute.stream().mapToDouble(Sample::hours).average().orElseThrow(),
                        minute.stream().mapToDouble(Sample::value).average().orElseThrow()))
                .toList();
        double hours = points.stream().mapToDouble(Sample::hours).average().orElse(0);
        double value = points.stream().mapToDouble(Sample::value).average().orElse(0);
        double spread = points.stream()
                .mapToDouble(point -> Math.pow(point.hours() - hours, 2))
                .sum();
        double slope = points.stream()
                        .mapToDouble(point -> (point.hours() - hours) * (point.value() - value))
                        .sum()
                / spread;
        double residual = points.stream()
                .mapToDouble(point -> Math.pow(point.value() - value - slope * (point.hours() - hours), 2))
                .sum();
        return new Line(points.size(), value, slope, Math.sqrt(residual / (points.size() - 2) / spread));
    }

    /**
     * What a trend comes to.
     *
     * @param minutes that it is reckoned from
     * @param mean of all
     * @param perHour the slope
     * @param error the slope's standard error
     */
    record Line(int minutes, double mean, double perHour, double error) {

        /** Is it too short to say anything, not above a rate that is no matter, or not to be told from it? */
        boolean isFlat(double noMatter) {
            return minutes < 10 || perHour - 3 * error <= noMatter;
        }

        @Override
        public String toString() {
            return String.format(Locale.ROOT, "%.1f, %+.1f ± %.1f an hour", mean, perHour, error);
        }
    }
}
