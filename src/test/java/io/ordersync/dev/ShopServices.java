package io.ordersync.dev;

import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;

/** The simulated shop, those who answer it, and who tells of both. */
@TestConfiguration(proxyBeanMethods = false)
@EnableConfigurationProperties({ShopProperties.class, WorldProperties.class, ConsoleProperties.class})
class ShopServices {
    @Bean
    Shop shop(ShopProperties properties, Addresses addresses) {
        return new Shop(properties, addresses.bootstrapServers(), addresses.registryUrl());
    }

    @Bean
    World world(WorldProperties properties, Addresses addresses) {
        return new World(properties, addresses.bootstrapServers(), addresses.registryUrl());
    }

    @Bean
    Console console(Shop shop, ConsoleProperties properties, Addresses addresses) {
        return new Console(shop, properties, addresses.bootstrapServers(), addresses.registryUrl());
    }
}
