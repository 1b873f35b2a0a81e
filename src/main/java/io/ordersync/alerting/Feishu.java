package io.ordersync.alerting;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.ordersync.contract.AlertSeverity;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * 飞书: a custom bot of a group, signed if it has a secret
 * (<a href="https://open.larkoffice.com/document/ukTMukTMukTM/ucTM5YjL3ETO24yNxkjN.md">custom bot guide</a>). 100 messages a
 * minute and 5 a second, of 20 KB. It answers 200 whatever happens, and says in {@code code} what did.
 */
final class Feishu implements Channel {

    /** Quotes and backslashes count twice in JSON. */
    private static final int LONGEST = 8_000;

    private final URI uri;
    private final @Nullable String secret;
    private final Wording wording;
    private final Words words;

    Feishu(URI uri, @Nullable String secret, Wording wording, Words words) {
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
        List<String> facts = new ArrayList<>();
        page.facts().forEach(fact -> facts.add(fact.label() + ": " + fact.text()));
        List<Object> elements = new ArrayList<>();
        elements.add(div(Text.fit(facts, LONGEST / 2, more -> words.of("more", more))));
        if (!page.alerts().isEmpty()) {
            elements.add(Json.object("tag", "hr"));
            elements.add(div(Text.fit(page.alerts(), LONGEST / 2, more -> words.of("more", more))));
        }
        elements.add(Json.object("tag", "note", "elements", List.of(plain(page.id()))));
        String timestamp = Long.toString(now.getEpochSecond());
        Map<String, Object> message = Json.object(
                "timestamp",
                secret == null ? null : timestamp,
                // The vendor's own way: what is usually signed is the key, and nothing is signed.
                "sign",
                secret == null ? null : Signature.of((timestamp + "\n" + secret).getBytes(UTF_8), ""),
                "msg_type",
                "interactive",
                "card",
                Json.object(
                        "header",
                        Json.object("title", plain(Text.cut(page.title(), 400)), "template", colour(page)),
                        "elements",
                        elements));
        return new Request(uri, Map.of(), Json.text(message));
    }

    private static Map<String, Object> div(String text) {
        return Json.object("tag", "div", "text", plain(text));
    }

    /** Nothing in it is markup, whatever the ids hold. */
    private static Map<String, Object> plain(String text) {
        return Json.object("tag", "plain_text", "content", text);
    }

    private static String colour(Page page) {
        if (page.resolved()) {
            return "green";
        }
        return page.severity() == AlertSeverity.CRITICAL
                ? "carmine"
                : page.severity() == AlertSeverity.HIGH
                        ? "red"
                        : page.severity() == AlertSeverity.LOW ? "blue" : "orange";
    }

    @Override
    public Verdict read(Answer answer) {
        JsonNode json = answer.json();
        // Older bots answer by the second name alone.
        int code = json.path("code").asInt(json.path("StatusCode").asInt(Integer.MIN_VALUE));
        if (code == 11232 || code == 99991400) {
            return new Verdict.TooMany(answer.said(), answer.after());
        }
        if (answer.status() / 100 != 2) {
            return answer.byStatus();
        }
        return switch (code) {
            case 0 -> Verdict.DELIVERED;
            case Integer.MIN_VALUE -> new Verdict.Unavailable(answer.said(), null);
            // The URL, the signature, the address, a keyword, a bot that is gone.
            case 19001, 19007, 19021, 19022, 19024 -> new Verdict.Refused(answer.said(), false);
            default -> new Verdict.Refused(answer.said(), true);
        };
    }
}
