package io.ordersync.alerting;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URI;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Any HTTP server: JSON, signed if there is a secret as
 * <a href="https://www.standardwebhooks.com">Standard Webhooks</a> has it, for which there are verifiers in most languages.
 */
final class Webhook implements Channel {

    private static final int ALERTS = 500;
    /** Marks a key in Base64. */
    private static final String PREFIX = "whsec_";

    private final URI uri;
    private final byte @Nullable [] key;
    private final String channel;
    private final Wording wording;

    /** @throws IllegalArgumentException when the secret begins with {@code whsec_}, and what follows is no Base64 */
    Webhook(URI uri, @Nullable String secret, String channel, Wording wording) {
        this.uri = uri;
        this.key = secret == null ? null : key(secret);
        if (key != null && key.length == 0) {
            throw new IllegalArgumentException("a secret must not be empty");
        }
        this.channel = channel;
        this.wording = wording;
    }

    private static byte[] key(String secret) {
        try {
            return secret.startsWith(PREFIX)
                    ? Base64.getDecoder().decode(secret.substring(PREFIX.length()))
                    : secret.getBytes(UTF_8);
        } catch (IllegalArgumentException e) {
            // Its message would tell a part of it.
            throw new IllegalArgumentException("what follows whsec_ must be Base64");
        }
    }

    @Override
    public Shape shape() {
        return new Shape(ALERTS, ALERTS, false, true);
    }

    @Override
    public Request request(Letter letter, Instant now) {
        String id = letter.id();
        List<Map<String, Object>> alerts = letter.entries().stream()
                .map(entry -> AlertJson.of(entry, wording))
                .toList();
        String body = Json.text(Json.object(
                "id", id, "channel", channel, "group", letter.group(), "count", alerts.size(), "alerts", alerts));
        String timestamp = Long.toString(now.getEpochSecond());
        if (key == null) {
            return new Request(uri, Map.of("webhook-id", id, "webhook-timestamp", timestamp), body);
        }
        String signature = "v1," + Signature.of(key, id + "." + timestamp + "." + body);
        return new Request(
                uri, Map.of("webhook-id", id, "webhook-timestamp", timestamp, "webhook-signature", signature), body);
    }

    @Override
    public Verdict read(Answer answer) {
        return answer.byStatus();
    }
}
