package io.ordersync.alerting;

import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The channels there are, and what is documented of them. */
@SuppressWarnings("ImmutableEnumChecker") // both are records of what does not change
public enum ChannelKind {

    /**
     * 20 messages a minute, and ten minutes of silence above. Any minute touches at most four of these periods, or six when
     * another instance takes over in it.
     */
    DINGTALK(Language.ZH, new RateLimit(3, Duration.ofSeconds(20)), Grouping.BY_WAREHOUSE, null),
    /** 20 messages a minute, as {@link #DINGTALK}. */
    WECOM(Language.ZH, new RateLimit(3, Duration.ofSeconds(20)), Grouping.BY_WAREHOUSE, null),
    /** 5 messages a second, and 100 a minute. */
    FEISHU(Language.ZH, new RateLimit(1, Duration.ofMillis(650)), Grouping.BY_WAREHOUSE, null),
    /** A message a second; short bursts are allowed. */
    SLACK(Language.EN, new RateLimit(1, Duration.ofSeconds(1)), Grouping.BY_WAREHOUSE, null),
    /** None is documented; a request tells up to 100 alerts. */
    ALERTMANAGER(Language.EN, new RateLimit(10, Duration.ofSeconds(1)), Grouping.NONE, null),
    /** About 120 a minute, over a sliding minute. */
    PAGERDUTY(
            Language.EN,
            new RateLimit(7, Duration.ofSeconds(5)),
            Grouping.NONE,
            URI.create("https://events.pagerduty.com/v2/enqueue")),
    /** Whoever takes it may say otherwise. */
    WEBHOOK(Language.EN, new RateLimit(10, Duration.ofSeconds(1)), Grouping.BY_WAREHOUSE, null);

    private final Language language;
    private final RateLimit rateLimit;
    private final Grouping grouping;
    private final @Nullable URI uri;

    ChannelKind(Language language, RateLimit rateLimit, Grouping grouping, @Nullable URI uri) {
        this.language = language;
        this.rateLimit = rateLimit;
        this.grouping = grouping;
        this.uri = uri;
    }

    public Language language() {
        return language;
    }

    public RateLimit rateLimit() {
        return rateLimit;
    }

    public Grouping grouping() {
        return grouping;
    }

    /** Where all of its users send to; null: each has a URL of their own. */
    public @Nullable URI uri() {
        return uri;
    }

    Channel channel(ChannelSettings settings) {
        Words words = new Words(settings.language());
        Wording wording = new Wording(settings.language(), settings.zone());
        return switch (this) {
            case DINGTALK -> new DingTalk(settings.uri(), settings.secret(), wording, words);
            case WECOM -> new WeCom(settings.uri(), wording, words);
            case FEISHU -> new Feishu(settings.uri(), settings.secret(), wording, words);
            case SLACK -> new Slack(settings.uri(), wording, words);
            case ALERTMANAGER -> new Alertmanager(settings.uri(), wording);
            case PAGERDUTY -> new PagerDuty(settings.uri(), settings.secretOrThrow(), wording);
            case WEBHOOK -> new Webhook(settings.uri(), settings.secret(), settings.name(), wording);
        };
    }

    /**
     * So many messages in each period.
     *
     * @param requests at least 1
     * @param period above zero
     */
    public record RateLimit(int requests, Duration period) {

        /** @throws IllegalArgumentException when one of them is not */
        public RateLimit {
            if (requests < 1 || !period.isPositive()) {
                throw new IllegalArgumentException("at least one request in a period above zero is needed");
            }
        }
    }
}
