package io.ordersync.bench;

import io.ordersync.dev.DevBroker;
import io.ordersync.process.ChildJvm;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.awaitility.Awaitility;

/** A broker in a process of its own: it says where it is, and stops when the process is told to. */
final class BrokerMain {

    private static final String AT = "broker at ";

    private BrokerMain() {}

    /** Without arguments. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        DevBroker broker = new DevBroker(0);
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
