package io.ordersync.alerting;

import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a channel answered.
 *
 * @param retryAfter the header; null: there is none
 */
record Answer(int status, @Nullable String retryAfter, String body) {

    private static final JsonMapper JSON = new JsonMapper();
    /** What vendors say in their answers is short; what a proxy says is not. */
    private static final int LONGEST = 200;
    /** Nobody is left alone for longer, whatever it asks. */
    private static final Duration LONGEST_WAIT = Duration.ofHours(1);

    /** What HTTP says of it (RFC 9110; 425 RFC 8470, 429 RFC 6585). Redirects are not followed: an alert goes where it was sent. */
    Verdict byStatus() {
        return switch (status / 100) {
            case 2 -> Verdict.DELIVERED;
            case 4 ->
                switch (status) {
                    case 429 -> new Verdict.TooMany(said(), after());
                    case 408, 425 -> new Verdict.Unavailable(said(), after());
                    case 400, 413, 422 -> new Verdict.Refused(said(), true);
                    default -> new Verdict.Refused(said(), false);
                };
            case 3 -> new Verdict.Refused(said(), false);
            default -> new Verdict.Unavailable(said(), after());
        };
    }

    /** The status, and the beginning of what stands beside it. */
    String said() {
        String text = body.strip().replaceAll("\\s+", " ");
        return "HTTP " + status
                + (text.isEmpty() ? "" : ": " + (text.length() > LONGEST ? text.substring(0, LONGEST) + "…" : text));
    }

    /** The body as JSON; a missing node when it is something else. */
    JsonNode json() {
        try {
            return JSON.readTree(body);
        } catch (JacksonException e) {
            return JSON.missingNode();
        }
    }

    /** How long to wait, if it says so: in seconds, or until a moment. */
    @Nullable
    Duration after() {
        if (retryAfter == null) {
            return null;
        }
        Duration asked;
        try {
            asked = Duration.ofSeconds(Long.parseLong(retryAfter.strip()));
        } catch (NumberFormatException notSeconds) {
            try {
                asked = Duration.between(
                        Instant.now(), ZonedDateTime.parse(retryAfter.strip(), DateTimeFormatter.RFC_1123_DATE_TIME));
            } catch (DateTimeParseException neither) {
                return null;
            }
        }
        return asked.isNegative() ? Duration.ZERO : asked.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : asked;
    }
}
