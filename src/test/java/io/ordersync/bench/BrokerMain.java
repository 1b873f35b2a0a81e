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
import org.awaitility.Awaitility;

/** A broker in a process of its own: it says where it is, and stops when the process is told to. */
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
