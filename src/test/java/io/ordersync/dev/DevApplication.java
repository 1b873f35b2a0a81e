package io.ordersync.dev;

import io.ordersync.OrderSyncApplication;
import org.springframework.boot.SpringApplication;

/** Runs the service with all it needs on one machine: {@code ./mvnw spring-boot:test-run}. */
final class DevApplication {
    private DevApplication() {}

    public static void main(String[] args) {
        SpringApplication.from(OrderSyncApplication::main)
                .with(DevServices.class)
                .withAdditionalProfiles("dev")
                .run(args);
    }
}
