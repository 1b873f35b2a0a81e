package io.ordersync.config;

import io.ordersync.alerting.ChannelKind;
import io.ordersync.alerting.ChannelSettings;
import io.ordersync.alerting.Grouping;
import io.ordersync.alerting.Language;
import io.ordersync.alerting.Route;
import io.ordersync.contract.AlertCode;
import io.ordersync.contract.AlertSeverity;
import java.net.URI;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Who is told of alerts.
 *
 * @param enabled false: nobody, and nothing is read
 * @param groupId of the consumers, with the channel's name behind it; the stream's and {@code -alerts} if not set
 * @param zone of the times in messages
 * @param lookBack a channel that was never there begins with what is as old
 * @param channels by their names
 */
record AlertingProperties(
        @DefaultValue("true") boolean enabled,
        @Nullable String groupId,
        @DefaultValue("UTC") ZoneId zone,
        @DefaultValue("1h") Duration lookBack,
        @DefaultValue Map<String, Channel> channels) {

    static final String PREFIX = "order-sync.alerting";

    AlertingProperties {
        if (!lookBack.isPositive()) {
            throw new InvalidSetting(PREFIX + ".look-back", lookBack, "a duration above zero is needed, such as 1h");
        }
        channels = Map.copyOf(channels);
        channels.forEach((name, channel) -> {
            if (!name.matches("[a-z0-9-]{1,40}")) {
                throw new InvalidSetting(
                        PREFIX + ".channels",
                        name,
                        "the name of a channel is of small letters, digits and '-', at most 40 of them");
            }
            channel.check(name);
        });
    }

    /** What is configured of a channel, and what its kind has where nothing is. */
    ChannelSettings settings(String name, Function<String, SSLContext> bundles) {
        return Objects.requireNonNull(channels.get(name)).settings(name, zone, lookBack, bundles);
    }

    /** Of the consumers of a stream with this application id; a channel's name stands behind it. */
    String groupId(String applicationId) {
        return Objects.requireNonNullElse(groupId, applicationId + "-alerts");
    }

    boolean hasChannels() {
        return enabled && !channels.isEmpty();
    }

    /**
     * @param url as the vendor gives it; PagerDuty's is known
     * @param secret what requests are signed with (DingTalk, Feishu, webhook), or the routing key (PagerDuty)
     * @param headers sent with each request, such as an Authorization
     * @param sslBundle of {@code spring.ssl.bundle}, for https; the platform's own if not set
     * @param routes what fits one of them is told; all is if there is none
     * @param sendResolved is it told that an alert no longer holds?
     */
    record Channel(
            @Nullable ChannelKind type,
            @Nullable String url,
            @Nullable String secret,
            @DefaultValue Map<String, String> headers,
            @Nullable String sslBundle,
            @Nullable Language language,
            @DefaultValue List<Fitting> routes,
            @Nullable Group grouping,
            @DefaultValue("true") boolean sendResolved,
            @Nullable Rate rateLimit,
            @DefaultValue("10s") Duration timeLimit,
            @DefaultValue("500ms") Duration firstPause,
            @DefaultValue("30s") Duration longestPause,
            @DefaultValue("2000") int mostPending) {

        /** Found out at the start, not with the first alert. */
        private void check(String name) {
            settings(name, ZoneId.of("UTC"), Duration.ZERO, null);
        }

        /** @param bundles null: the settings are only checked */
        private ChannelSettings settings(
                String name, ZoneId zone, Duration lookBack, @Nullable Function<String, SSLContext> bundles) {
            String property = PREFIX + ".channels." + name;
            if (type == null) {
                throw new InvalidSetting(
                        property + ".type",
                        "",
                        "one of dingtalk, wecom, feishu, slack, alertmanager, pagerduty, webhook is needed");
            }
            URI uri = uri(property, type);
            try {
                ChannelSettings settings = new ChannelSettings(
                        name,
                        type,
                        uri,
                        secret == null || secret.isBlank() ? null : secret.strip(),
                        headers,
                        sslBundle == null || bundles == null ? null : bundles.apply(sslBundle),
                        Objects.requireNonNullElse(language, type.language()),
                        zone,
                        routes.isEmpty()
                                ? List.of(Route.ALL)
                                : routes.stream().map(Fitting::toRoute).toList(),
                        grouping == null ? type.grouping() : grouping.toGrouping(type.grouping()),
                        sendResolved,
                        rateLimit == null
                                ? type.rateLimit()
                                : new ChannelKind.RateLimit(rateLimit.requests(), rateLimit.per()),
                        timeLimit,
                        firstPause,
                        longestPause,
                        mostPending,
                        lookBack);
                settings.check();
                return settings;
            } catch (IllegalArgumentException e) {
                throw new InvalidSetting(property + ": " + e.getMessage(), e);
            }
        }

        /** Neither the message nor its cause tells it: with most vendors the URL is the secret. */
        private URI uri(String property, ChannelKind kind) {
            URI uri = kind.uri();
            if (url != null && !url.isBlank()) {
                try {
                    uri = URI.create(url.strip());
                } catch (IllegalArgumentException e) {
                    uri = null;
                }
            }
            if (uri == null || uri.getHost() == null || !Set.of("http", "https").contains(uri.getScheme())) {
                throw new InvalidSetting(property + ".url", "***", "the URL that the vendor gives is needed");
            }
            return uri;
        }

        /** Without what may be secret. */
        @Override
        public String toString() {
            return "Channel[" + type + "]";
        }
    }

    /** See {@link Route}. */
    record Fitting(
            @DefaultValue Set<AlertSeverity> severities,
            @DefaultValue Set<AlertCode> codes,
            @DefaultValue Set<String> shops,
            @DefaultValue Set<String> warehouses,
            @DefaultValue Set<String> couriers) {

        Route toRoute() {
            return new Route(severities, codes, shops, warehouses, couriers);
        }
    }

    /** See {@link Grouping}; what is not set is the channel's own. */
    record Group(
            @Nullable Set<Grouping.Key> by,
            @Nullable Duration firstAfter,
            @Nullable Duration interval) {

        Grouping toGrouping(Grouping own) {
            return new Grouping(
                    Objects.requireNonNullElse(by, own.by()),
                    Objects.requireNonNullElse(firstAfter, own.firstAfter()),
                    Objects.requireNonNullElse(interval, own.interval()));
        }
    }

    /** So many requests in each period. */
    record Rate(int requests, Duration per) {}
}
