package io.ordersync.alerting;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * 企业微信: a robot of a group
 * (<a href="https://developer.work.weixin.qq.com/document/path/99110">99110</a>). 20 messages a minute, of 4096 bytes. It
 * answers 200 whatever happens, and says in {@code errcode} what did. Its URL is all that is secret.
 */
final class WeCom implements Channel {

    /** Of the 4096 that it takes; the rest is for the title and the id. */
    private static final int LONGEST = 3_500;

    private static final Duration A_MINUTE = Duration.ofMinutes(1);

    private final URI uri;
    private final Wording wording;
    private final Words words;

    WeCom(URI uri, Wording wording, Words words) {
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
        List<String> lines = new ArrayList<>();
        page.facts().forEach(fact -> lines.add("> " + fact.label() + ": " + Text.withoutMarkup(fact.text())));
        page.alerts().forEach(alert -> lines.add(Text.withoutMarkup(alert)));
        String colour = page.resolved() ? "info" : "warning";
        String title = Text.cut(Text.withoutMarkup(page.title()), 400);
        String content = "### <font color=\"" + colour + "\">" + title + "</font>\n"
                + Text.fit(lines, LONGEST, more -> words.of("more", more))
                + "<font color=\"comment\">" + page.id() + "</font>";
        return new Request(
                uri,
                Map.of(),
                Json.text(Json.object("msgtype", "markdown", "markdown", Json.object("content", content))));
    }

    @Override
    public Verdict read(Answer answer) {
        if (answer.status() / 100 != 2) {
            return answer.byStatus();
        }
        return switch (answer.json().path("errcode").asInt(Integer.MIN_VALUE)) {
            case 0 -> Verdict.DELIVERED;
            case 45009, 45033 -> new Verdict.TooMany(answer.said(), A_MINUTE);
            // Busy; or not the robot that answers.
            case -1, Integer.MIN_VALUE -> new Verdict.Unavailable(answer.said(), null);
            case 40058, 44004, 45002 -> new Verdict.Refused(answer.said(), true);
            default -> new Verdict.Refused(answer.said(), false);
        };
    }
}
