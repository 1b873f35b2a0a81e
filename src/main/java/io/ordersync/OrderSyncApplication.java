package io.ordersync;

import io.ordersync.streams.StreamEnd;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.event.ApplicationStartedEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;

/** Starts the service. */
@SpringBootApplication
public class OrderSyncApplication {

    /** BSD's EX_SOFTWARE, of sysexits.h. */
    private static final int STREAM_STOPPED = 70;

    /** Ends with 1 when the service can't start, and with 70 when its stream has stopped for good. */
    public static void main(String[] args) {
        SpringApplication service = new SpringApplication(OrderSyncApplication.class);
        service.addListeners(new EndsWithTheStream());
        service.run(args);
    }

    /** From before the stream is started: that may have to wait. */
    private static final class EndsWithTheStream implements ApplicationListener<ApplicationStartedEvent> {

        @Override
        public void onApplicationEvent(ApplicationStartedEvent started) {
            ConfigurableApplicationContext service = started.getApplicationContext();
            service.getBean(StreamEnd.class).then(() -> {
                try {
                    SpringApplication.exit(service);
                } finally {
                    // Whatever closing came to. All that could be closed is.
                    Runtime.getRuntime().halt(STREAM_STOPPED);
                }
            });
        }
    }
}
