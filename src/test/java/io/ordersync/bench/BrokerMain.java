package io.ordersync.bench;

import io.ordersync.dev.DevBroker;
import io.ordersync.process.ChildJvm;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/**
 * A broker in a process of its own: it says where it is, and stops when the process is told to. The system property
 * {@code bench.broker} of a benchmark sets what Kafka's own settings are, as {@code name=value,…}.
 */
final class BrokerMain {

    private static final String AT = "broker at ";

    private BrokerMain() {}

    /** Takes settings of the broker, each as {@code name=value} */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Map<String, String> settings = Arrays.stream(arguments)
                .map(argument -> argument.split("=", 2))
                .collect(Collectors.toMap(setting -> setting[0], setting -> setting[1]));
        DevBroker broker = new DevBroker(0, settings, List.of());
        Runtime.getRuntime().addShutdownHook(new Thread(broker::close));
        System.out.println(AT + broker.bootstrapServers());
        Thread.currentThread().join();
    }

    /** What {@code bench.broker} says, as this program takes it. */
    static List<String> settings() {
        return Stream.of(System.getProperty("bench.broker", "").split(",", -1))
                .filter(setting -> !setting.isEmpty())
                .map(BrokerMain::requireNamed)
                .toList();
    }

    private static String requireNamed(String setting) {
        if (setting.indexOf('=') < 1) {
            throw new IllegalArgumentException("bench.broker: " + setting + " is not <name>=<value>");
        }
        return setting;
    }

    /** Where the broker of this process is, once it is up. */
    static String addressOf(ChildJvm broker) {
        return Awaitility.await()
                .atMost(Duration.ofMinutes(3))
                .failFast(broker::requireAlive)
                .until(
                        () -> broker.said()
                                .lines()
                                .filter(line -> line.startsWith(AT))
                                .map(line -> line.substring(AT.length()))
                                .findFirst(),
                        Optional::isPresent)
                .orElseThrow();
    }
}
