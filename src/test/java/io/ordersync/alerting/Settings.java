package io.ordersync.alerting;

import java.net.URI;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Settings of channels, with short times. */
final class Settings {

    private Settings() {}

    static ChannelSettings of(ChannelKind kind, URI uri, @Nullable String secret, Language language) {
        return of(kind, uri, secret, language, kind.rateLimit(), Duration.ofSeconds(5));
    }

    static ChannelSettings of(
            ChannelKind kind,
            URI uri,
            @Nullable String secret,
            Language language,
            ChannelKind.RateLimit limit,
            Duration timeLimit) {
        return new ChannelSettings(
                "the-channel",
                kind,
                uri,
                secret,
                Map.of(),
                null,
                language,
                ZoneId.of("UTC"),
                List.of(Route.ALL),
                kind.grouping(),
                true,
                limit,
                timeLimit,
                Duration.ofMillis(20),
                Duration.ofMillis(400),
                100,
                Duration.ofHours(1));
    }
}
