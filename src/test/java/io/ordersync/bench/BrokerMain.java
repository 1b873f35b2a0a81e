package io.ordersync.bench;

import io.ordersync.dev.DevBroker;
import java.io.IOException;

/** A broker in a process of its own: it says where it is, and stops when the process is told to. */
final class BrokerMain {

    static final String AT = "broker at ";

    private BrokerMain() {}

    /** Without arguments. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        DevBroker broker = new DevBroker(0);
        Runtime.getRuntime().addShutdownHook(new Thread(broker::close));
        System.out.println(AT + broker.bootstrapServers());
        Thread.currentThread().join();
    }
}
