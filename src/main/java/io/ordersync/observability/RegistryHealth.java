package io.ordersync.observability;

import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/** Out of service while a record waits for a schema that the registry does not give. */
public final class RegistryHealth implements HealthIndicator {

    private final Supplier<Optional<Instant>> waitingSince;

    /** @param waitingSince wall clock; empty while nobody waits */
    public RegistryHealth(Supplier<Optional<Instant>> waitingSince) {
        this.waitingSince = waitingSince;
    }

    @Override
    public Health health() {
        return waitingSince
                .get()
                .map(since -> Health.outOfService().withDetail("waitingSince", since))
                .orElseGet(Health::up)
                .build();
    }
}
