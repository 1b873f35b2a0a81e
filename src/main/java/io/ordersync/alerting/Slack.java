package io.ordersync.alerting;

import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Slack: an incoming webhook (<a href="https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks">docs</a>).
 * A message a second; 429 says in Retry-After how long to wait. Its URL is all that is secret.
 */
final class Slack implements Channel {

    /** Of a section, in characters; a header has 150, a message 50 blocks. */
    private static final int SECTION = 3_000;

    private static final int HEADER = 150;

    private final URI uri;
    private final Wording wording;
    private final Words words;

    Slack(URI uri, Wording wording, Words words) {
        this.uri = uri;
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
        List<Object> blocks = new ArrayList<>();
        blocks.add(Json.object("type", "header", "text", plain(Text.cut(escaped(page.title()), HEADER))));
        blocks.add(section(page.facts().stream()
                .map(fact -> escaped(fact.label() + ": " + fact.text()))
                .toList()));
        if (!page.alerts().isEmpty()) {
            blocks.add(Json.object("type", "divider"));
            blocks.add(section(page.alerts().stream().map(Slack::escaped).toList()));
        }
        blocks.add(Json.object("type", "context", "elements", List.of(plain(page.id()))));
        Map<String, Object> message = Json.object("text", escaped(page.title()), "blocks", blocks);
        return new Request(uri, Map.of(), Json.text(message));
    }

    private Map<String, Object> section(List<String> lines) {
        return Json.object("type", "section", "text", plain(Text.fit(lines, SECTION, more -> words.of("more", more))));
    }

    /** No markup, whatever the ids hold. */
    private static Map<String, Object> plain(String text) {
        return Json.object("type", "plain_text", "text", text, "emoji", false);
    }

    /** Otherwise {@code <!channel>} in an id would wake everybody. */
    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    @Override
    public Verdict read(Answer answer) {
        return answer.byStatus();
    }
}
