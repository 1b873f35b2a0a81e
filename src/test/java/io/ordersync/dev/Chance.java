package io.ordersync.dev;

import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;

/**
 * The choices about one subject. They come from the seed and the subject's name alone: who is heard first, which differs from
 * run to run, makes no difference to them.
 */
final class Chance {
    private final SplittableRandom random;
    private final Duration hour;

    Chance(WorldProperties properties, String subject) {
        this.random = new SplittableRandom(31 * properties.seed() + subject.hashCode());
        this.hour = properties.hour();
    }

    /** From 0 to 99. */
    int percentile() {
        return random.nextInt(100);
    }

    boolean of(int percent) {
        return percentile() < percent;
    }

    /** So many hours of the simulated world. */
    Duration hours(double least, double most) {
        return Duration.ofMillis(Math.round(hour.toMillis() * random.nextDouble(least, most)));
    }

    <T> T pick(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }
}
