package io.ordersync.alerting;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URI;
import java.net.URLEncoder;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * 钉钉: a custom robot of a group, signed if it has a secret
 * (<a href="https://open.dingtalk.com/document/group/custom-robot-access">custom-robot-access</a>). 20 messages a minute;
 * who sends more is blocked for ten minutes. It answers 200 whatever happens, and says in {@code errcode} what did.
 */
final class DingTalk implements Channel {

    /** It refuses more than 20000 (460101), and clients show long messages badly. */
    private static final int LONGEST = 10_000;

    private static final Duration BLOCKED = Duration.ofMinutes(10);

    private final URI uri;
    private final @Nullable String secret;
    private final Wording wording;
    private final Words words;

    DingTalk(URI uri, @Nullable String secret, Wording wording, Words words) {
        this.uri = uri;
        this.secret = secret;
        this.wording = wording;
        this.words = words;
    }

    @Override
    public Shape shape() {
        return Shape.CHAT;
    }

    @Override
    public Request request(Letter letter, Instant now) {
        Page page = wording.page(letter);
        List<String> lines = new ArrayList<>();
        page.facts().forEach(fact -> lines.add("- **" + fact.label() + "** " + Text.withoutMarkup(fact.text())));
        page.alerts().forEach(alert -> lines.add("1. " + Text.withoutMarkup(alert)));
        String title = Text.withoutMarkup(page.title());
        String foot = "\n> " + page.id();
        String text = "### " + title + "\n\n" + Text.fit(lines, LONGEST - 1_000, more -> words.of("more", more)) + foot;
        String body = Json.text(Json.object(
                "msgtype", "markdown", "markdown", Json.object("title", Text.cut(title, 200), "text", text)));
        return new Request(secret == null ? uri : signed(now), Map.of(), body);
    }

    private URI signed(Instant now) {
        String timestamp = Long.toString(now.toEpochMilli());
        String key = Objects.requireNonNull(secret);
        String sign = Signature.of(key.getBytes(UTF_8), timestamp + "\n" + key);
        String query = "timestamp=" + timestamp + "&sign=" + URLEncoder.encode(sign, UTF_8);
        return URI.create(uri + (uri.getRawQuery() == null ? "?" : "&") + query);
    }

    @Override
    public Verdict read(Answer answer) {
        JsonNode json = answer.json();
        if (json.path("status").asInt(0) == 1111) {
            // What stands before it answers so when it finds that too much comes.
            return new Verdict.TooMany(answer.said(), BLOCKED);
        }
        if (answer.status() / 100 != 2) {
            return answer.byStatus();
        }
        return switch (json.path("errcode").asInt(Integer.MIN_VALUE)) {
            case 0 -> Verdict.DELIVERED;
            case 130101, 410100, 90030 -> new Verdict.TooMany(answer.said(), BLOCKED);
            // Busy; or not the robot that answers.
            case -1, Integer.MIN_VALUE -> new Verdict.Unavailable(answer.said(), null);
            case 40035, 460101, 430101, 430102, 430104 -> new Verdict.Refused(answer.said(), true);
            default -> new Verdict.Refused(answer.said(), false);
        };
    }
}
