package io.ordersync.dev;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;

/**
 * Runs the simulated shop alone, for a service that runs elsewhere: {@code ./mvnw spring-boot:test-run@shop}. The cluster and the
 * registry are found by the service's own properties.
 */
final class ShopApplication {
    private static final Logger LOG = LoggerFactory.getLogger("shop");

    private ShopApplication() {}

    public static void main(String[] args) {
        new SpringApplicationBuilder(Elsewhere.class, ShopServices.class)
                .web(WebApplicationType.NONE)
                .profiles("dev")
                .run(args);
    }

    /** No component of the service's, which would look for its components among these classes too. */
    @TestConfiguration(proxyBeanMethods = false)
    static class Elsewhere {
        @Bean
        Addresses addresses(Environment environment) {
            return new Addresses(
                    environment.getRequiredProperty("spring.kafka.bootstrap-servers"),
                    environment.getProperty("order-sync.schema-registry.url", "http://localhost:8081"));
        }

        @Bean
        ApplicationListener<ApplicationReadyEvent> opening(Shop shop, ShopProperties properties, Addresses addresses) {
            return ready -> {
                LOG.info(
                        "the shop is open: {} orders/s, {} % of them races, seed {}, Kafka {}, registry {}",
                        properties.ordersPerSecond(),
                        properties.racePercent(),
                        properties.seed(),
                        addresses.bootstrapServers(),
                        addresses.registryUrl());
                shop.start();
            };
        }
    }
}
