package io.ordersync.alerting;

import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * One channel: where it is, what it is told, and how patiently.
 *
 * @param name told in metrics, logs and messages; never secret
 * @param uri as the vendor gives it; may hold secrets
 * @param secret what requests are signed with, or PagerDuty's routing key; null: none
 * @param headers sent with each request; may hold secrets
 * @param tls for https; null: the platform's own
 * @param routes what fits one of them is told
 * @param tellsResolved is it told that an alert no longer holds?
 * @param timeLimit for one request, from its first byte to the last one of the answer
 * @param firstPause after a first failure; each further one doubles it
 * @param longestPause neither doubling nor an open circuit goes beyond it
 * @param lookBack a channel that was never there begins with what is as old
 * @param mostPending so many alerts are read ahead of what it was told; more wait in the topic
 */
public record ChannelSettings(
        String name,
        ChannelKind kind,
        URI uri,
        @Nullable String secret,
        Map<String, String> headers,
        @Nullable SSLContext tls,
        Language language,
        ZoneId zone,
        List<Route> routes,
        Grouping grouping,
        boolean tellsResolved,
        ChannelKind.RateLimit rateLimit,
        Duration timeLimit,
        Duration firstPause,
        Duration longestPause,
        int mostPending,
        Duration lookBack) {

    /** Meanwhile the consumer does not poll. */
    private static final Duration LONGEST_REQUEST = Duration.ofSeconds(30);

    /** @throws IllegalArgumentException when one of them can't be; the message says nothing that is secret */
    public ChannelSettings {
        headers = headers.entrySet().stream()
                .collect(Collectors.toUnmodifiableMap(
                        Map.Entry::getKey, header -> header.getValue().strip()));
        routes = List.copyOf(routes);
        if (kind == ChannelKind.PAGERDUTY && secret == null) {
            throw new IllegalArgumentException("a secret is needed: the routing key of an integration");
        }
        if (timeLimit.compareTo(LONGEST_REQUEST) > 0) {
            throw new IllegalArgumentException("time-limit must not be above " + LONGEST_REQUEST);
        }
        if (uri.getRawUserInfo() != null) {
            throw new IllegalArgumentException(
                    "user and password are not sent by way of the url: set a header, authorization");
        }
        if (!timeLimit.isPositive() || !firstPause.isPositive() || longestPause.compareTo(firstPause) < 0) {
            throw new IllegalArgumentException(
                    "time-limit and first-pause must be above zero, and longest-pause not below first-pause");
        }
        if (mostPending < 1) {
            throw new IllegalArgumentException("most-pending must be above zero");
        }
    }

    String secretOrThrow() {
        return Objects.requireNonNull(secret);
    }

    /** What nobody may read in a log or a message, the longest first: the secret, the headers, and what the URL holds beside its host. */
    List<String> secrets() {
        Stream<@Nullable String> whole =
                Stream.of(secret, uri.getRawQuery(), uri.getQuery(), uri.getRawPath(), uri.getPath());
        Stream<String> parts = Stream.of(uri.getRawQuery(), uri.getQuery(), uri.getRawPath(), uri.getPath())
                .filter(Objects::nonNull)
                .flatMap(part -> Arrays.stream(part.split("[/&=]", 0)));
        Stream<String> ofHeaders = headers.values().stream()
                .flatMap(value -> Stream.concat(Stream.of(value), Arrays.stream(value.split("\\s+", 0))));
        return Stream.of(whole.filter(Objects::nonNull), parts, ofHeaders)
                .flatMap(each -> each)
                // What is shorter is no secret, and would be hidden in the middle of words.
                .filter(part -> part.length() >= 8)
                .distinct()
                .sorted(Comparator.comparingInt(String::length).reversed())
                .toList();
    }

    /**
     * Whether it can be told anything at all.
     *
     * @throws IllegalArgumentException when a secret or header has the wrong form; the message does not tell it
     */
    public void check() {
        kind.channel(this);
        headers.forEach((header, value) -> {
            try {
                HttpRequest.newBuilder(uri).setHeader(header, value);
            } catch (IllegalArgumentException e) {
                // Its message would tell the value.
                throw new IllegalArgumentException("the header " + header + " can't be sent");
            }
        });
    }

    /** Without what may be secret. */
    @Override
    public String toString() {
        return "ChannelSettings[" + name + ", " + kind + "]";
    }
}
