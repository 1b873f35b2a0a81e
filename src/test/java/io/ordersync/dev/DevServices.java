package io.ordersync.dev;

import java.io.UncheckedIOException;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.test.context.DynamicPropertyRegistrar;
import org.springframework.test.context.support.DynamicPropertyRegistrarBeanInitializer;

/** What the service finds outside in production, as beans: they are there before it and go after it. */
@TestConfiguration(proxyBeanMethods = false)
@EnableConfigurationProperties(DevProperties.class)
@Import(ShopServices.class)
class DevServices {
    private static final Logger LOG = LoggerFactory.getLogger("shop");
    private static final int PARTITIONS = 4;

    @Bean
    DevBroker broker(DevProperties properties) {
        var broker = onPort("dev.broker-port", properties.brokerPort(), DevBroker::new);
        broker.createTopics(
                PARTITIONS,
                Stream.concat(DevTopics.OF_ORDERS.stream(), Stream.of(DevTopics.DEAD_LETTERS, DevTopics.UNDELIVERED))
                        .toArray(String[]::new));
        return broker;
    }

    @Bean
    DevRegistry registry(DevProperties properties) {
        return onPort("dev.registry-port", properties.registryPort(), DevRegistry::new);
    }

    @Bean
    Addresses addresses(DevBroker broker, DevRegistry registry) {
        return new Addresses(broker.bootstrapServers(), registry.url());
    }

    /** Makes the broker and the registry before any bean that may ask for them. */
    @Bean
    DynamicPropertyRegistrar addressesOfTheService(Addresses addresses) {
        return properties -> {
            properties.add("spring.kafka.bootstrap-servers", addresses::bootstrapServers);
            properties.add("order-sync.schema-registry.url", addresses::registryUrl);
        };
    }

    /** Spring's test framework brings it along; an application has to ask for it. */
    @Bean
    static DynamicPropertyRegistrarBeanInitializer addressesFirst() {
        return new DynamicPropertyRegistrarBeanInitializer();
    }

    @Bean
    ApplicationListener<ApplicationReadyEvent> opening(Shop shop, ShopProperties properties, Addresses addresses) {
        return ready -> {
            var port = ready.getApplicationContext().getEnvironment().getProperty("local.server.port");
            LOG.info(
                    """
                    the shop is open: {} orders/s, {} % of them races, seed {}

                      Kafka      {}   topics {}
                      registry   {}/subjects
                      health     http://localhost:{}/actuator/health
                      metrics    http://localhost:{}/actuator/prometheus
                      busier     ./mvnw spring-boot:test-run -Dspring-boot.run.arguments="--shop.orders-per-second=50 --shop.race-percent=20"
                      one order  ./mvnw spring-boot:test-run -Dspring-boot.run.arguments="--shop.follow=order-000012"
                      stop       Ctrl-C
                    """,
                    properties.ordersPerSecond(),
                    properties.racePercent(),
                    properties.seed(),
                    addresses.bootstrapServers(),
                    String.join(", ", DevTopics.OF_ORDERS),
                    addresses.registryUrl(),
                    port,
                    port);
            shop.start();
        };
    }

    /** A taken port is told in one line, as Boot tells any property that can't be used. */
    private static <T> T onPort(String property, int port, IntFunction<T> service) {
        try {
            return service.apply(port);
        } catch (UncheckedIOException e) {
            throw new InvalidConfigurationPropertyValueException(property, port, String.valueOf(e.getMessage()));
        }
    }
}
