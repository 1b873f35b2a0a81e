package io.ordersync.observability;

import io.ordersync.alerting.Relay;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;

/**
 * How the channels of the relay are. OUT_OF_SERVICE while one could not be told: neither readiness nor liveness asks, for
 * detection goes on without.
 */
public final class RelayHealth implements HealthIndicator {

    private final Supplier<Map<String, Relay.Status>> channels;

    /** @param channels by their names; empty: nobody is told */
    public RelayHealth(Supplier<Map<String, Relay.Status>> channels) {
        this.channels = channels;
    }

    @Override
    public Health health() {
        Health.Builder health = Health.up();
        channels.get().forEach((name, status) -> {
            if (status.failure() != null) {
                health.status(Status.OUT_OF_SERVICE);
            }
            Map<String, Object> detail = new LinkedHashMap<>();
            detail.put("circuit", status.circuit().name());
            detail.put("pending", status.pending());
            if (status.oldest() != null) {
                detail.put("oldest", status.oldest());
            }
            if (status.failure() != null) {
                detail.put("failure", status.failure());
            }
            health.withDetail(name, detail);
        });
        return health.build();
    }
}
