package io.ordersync.alerting;

import io.github.resilience4j.bulkhead.BulkheadRegistry;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.github.resilience4j.ratelimiter.RateLimiterRegistry;
import io.github.resilience4j.retry.RetryRegistry;
import io.github.resilience4j.timelimiter.TimeLimiterRegistry;

/** What guards the channels, each under the channel's name: metrics are bound to these. */
public record Resilience(
        RetryRegistry retries,
        CircuitBreakerRegistry breakers,
        RateLimiterRegistry limiters,
        TimeLimiterRegistry timeLimiters,
        BulkheadRegistry bulkheads) {

    /** Nothing yet. */
    public static Resilience empty() {
        return new Resilience(
                RetryRegistry.ofDefaults(),
                CircuitBreakerRegistry.ofDefaults(),
                RateLimiterRegistry.ofDefaults(),
                TimeLimiterRegistry.ofDefaults(),
                BulkheadRegistry.ofDefaults());
    }
}
