package io.ordersync.architecture.broken.domain;

import java.time.Clock;
import java.time.Instant;
import java.util.Random;
import java.util.UUID;

/** Breaks a rule. */
final class AsksForTimeAndChance {

    Instant now() {
        return Instant.now();
    }

    Clock clock() {
        return Clock.systemUTC();
    }

    long millis() {
        return System.currentTimeMillis() + System.nanoTime();
    }

    UUID id() {
        return UUID.randomUUID();
    }

    int number() {
        return new Random().nextInt();
    }
}
