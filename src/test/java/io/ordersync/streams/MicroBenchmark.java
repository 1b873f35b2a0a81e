package io.ordersync.streams;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collection;
import java.util.Comparator;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/**
 * The nanoseconds and the bytes of what is done with each event, by JMH, in JVMs of their own. Settings, each a system
 * property: {@code bench.forks} (2), {@code bench.warmups} and {@code bench.measurements} (5 each), of
 * {@code bench.seconds} (1), and {@code bench.only}, a pattern of the names of those to run.
 */
class MicroBenchmark {

    private static final String ALLOCATED = "gc.alloc.rate.norm";

    @Test
    void countsNanosecondsAndBytes() throws RunnerException {
        TimeValue iteration = TimeValue.seconds(Integer.getInteger("bench.seconds", 1));
        Options options = new OptionsBuilder()
                .include("\\.Micro\\w+\\." + System.getProperty("bench.only", ""))
                .mode(Mode.AverageTime)
                .timeUnit(TimeUnit.NANOSECONDS)
                .forks(Integer.getInteger("bench.forks", 2))
                .warmupIterations(Integer.getInteger("bench.warmups", 5))
                .warmupTime(iteration)
                .measurementIterations(Integer.getInteger("bench.measurements", 5))
                .measurementTime(iteration)
                .addProfiler(GCProfiler.class)
                .shouldFailOnError(true)
                .build();

        Collection<RunResult> results = new Runner(options).run();

        // What takes no time did not run.
        assertThat(results).isNotEmpty().allSatisfy(result -> {
            assertThat(result.getPrimaryResult().getScore()).isPositive();
            assertThat(bytes(result)).isNotNegative();
        });
        System.out.printf(
                "%n%-55s %12s %10s %10s%n%s%n%n",
                "",
                "ns/op",
                "±, 99.9 %",
                "B/op",
                results.stream()
                        .sorted(Comparator.comparing(MicroBenchmark::name))
                        .map(MicroBenchmark::row)
                        .collect(Collectors.joining("\n")));
    }

    private static String row(RunResult result) {
        Result<?> time = result.getPrimaryResult();
        return String.format(
                "%-55s %,12.1f %,10.1f %,10.0f", name(result), time.getScore(), time.getScoreError(), bytes(result));
    }

    private static double bytes(RunResult result) {
        return Objects.requireNonNull(result.getSecondaryResults().get(ALLOCATED), ALLOCATED)
                .getScore();
    }

    private static String name(RunResult result) {
        BenchmarkParams ran = result.getParams();
        String name = ran.getBenchmark().substring(ran.getBenchmark().lastIndexOf(".Micro") + 1);
        return ran.getParamsKeys().stream()
                .map(key -> key + ": " + ran.getParam(key))
                .collect(Collectors.joining(", ", name + "  ", ""));
    }
}
