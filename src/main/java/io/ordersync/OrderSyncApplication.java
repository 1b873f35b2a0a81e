package io.ordersync;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** Starts the service. */
@SpringBootApplication
public class OrderSyncApplication {

    public static void main(String[] args) {
        SpringApplication.run(OrderSyncApplication.class, args);
    }
}
