package io.ordersync;

import io.ordersync.streams.StreamEnd;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.ConfigurableApplicationContext;

/** Starts the service. */
@SpringBootApplication
public class OrderSyncApplication {

    /** BSD's EX_SOFTWARE, of sysexits.h. */
    private static final int STREAM_STOPPED = 70;

    /** Ends with 1 when the service can't start, and with 70 when its stream has stopped for good. */
    public static void main(String[] args) {
        ConfigurableApplicationContext service = SpringApplication.run(OrderSyncApplication.class, args);
        service.getBean(StreamEnd.class).then(() -> System.exit(SpringApplication.exit(service, () -> STREAM_STOPPED)));
    }
}
