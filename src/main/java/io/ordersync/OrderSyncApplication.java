package io.ordersync;

import io.ordersync.streams.StreamEnd;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.event.ApplicationStartedEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;

/** Starts the service, or one of its commands. */
@SpringBootApplication
public class OrderSyncApplication {

    /** BSD's EX_SOFTWARE, of sysexits.h. */
    private static final int STREAM_STOPPED = 70;

    /** Sends dead letters again: its profile, too. */
    private static final String REDRIVE = "redrive";

    /**
     * Ends with 1 when the service can't start, and with 70 when its stream has stopped for good. With {@code redrive} as the
     * first argument: ends with 0 when that is done, and with 1 when it is not.
     */
    public static void main(String[] args) {
        if (args.length > 0 && args[0].equals(REDRIVE)) {
            SpringApplication command = new SpringApplication(OrderSyncApplication.class);
            command.setWebApplicationType(WebApplicationType.NONE);
            command.setAdditionalProfiles(REDRIVE);
            SpringApplication.exit(command.run(args));
            return;
        }
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
