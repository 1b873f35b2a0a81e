package io.ordersync.vendors;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.Base64;
import java.util.Objects;
import java.util.Set;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What each vendor documents of its API: which requests it takes, how it refuses others, how many it takes. Written from the
 * documents alone, and not from what the service sends.
 */
public enum VendorApi {

    /** https://open.dingtalk.com/document/group/custom-robot-access */
    DINGTALK("/robot/send?access_token=0123456789abcdef0123", 20, Duration.ofMinutes(1)) {
        @Override
        Reply answer(Call call, String secret) {
            if (!call.parameter("access_token").equals("0123456789abcdef0123")) {
                return errcode(300005, "token is not exist");
            }
            long timestamp = Long.parseLong(call.parameter("timestamp"));
            String expected = Base64.getEncoder()
                    .encodeToString(hmac(secret.getBytes(UTF_8), (timestamp + "\n" + secret).getBytes(UTF_8)));
            if (Math.abs(System.currentTimeMillis() - timestamp) > 3_600_000
                    || !expected.equals(call.parameter("sign"))) {
                return errcode(310000, "sign not match");
            }
            JsonNode markdown = call.json().path("markdown");
            if (!call.json().path("msgtype").asString().equals("markdown")) {
                return errcode(400105, "unsupported msgtype");
            }
            if (blank(markdown.path("title")) || blank(markdown.path("text"))) {
                return errcode(40035, "missing parameter");
            }
            if (call.bytes() > 20_000) {
                return errcode(460101, "message too long, exceed 20000 bytes");
            }
            return errcode(0, "ok");
        }

        @Override
        public Reply tooMany() {
            return errcode(130101, "send too fast, exceed 20 times per minute");
        }
    },

    /** https://developer.work.weixin.qq.com/document/path/99110 */
    WECOM("/cgi-bin/webhook/send?key=693a91f6-7xxx-4bc4-97a0-0ec2sifa5aaa", 20, Duration.ofMinutes(1)) {
        @Override
        Reply answer(Call call, String secret) {
            if (!call.parameter("key").equals("693a91f6-7xxx-4bc4-97a0-0ec2sifa5aaa")) {
                return errcode(93000, "invalid webhook url");
            }
            if (!call.json().path("msgtype").asString().equals("markdown")) {
                return errcode(40008, "invalid message type");
            }
            JsonNode content = call.json().path("markdown").path("content");
            if (blank(content) || content.asString().getBytes(UTF_8).length > 4096) {
                return errcode(40058, "markdown.content exceed max length 4096. invalid Request Parameter");
            }
            return errcode(0, "ok");
        }

        @Override
        public Reply tooMany() {
            return errcode(45009, "api freq out of limit");
        }
    },

    /** https://open.larkoffice.com/document/ukTMukTMukTM/ucTM5YjL3ETO24yNxkjN.md ; 5 a second too. */
    FEISHU("/open-apis/bot/v2/hook/aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee", 100, Duration.ofMinutes(1)) {
        private static final Set<String> COLOURS = Set.of(
                "blue",
                "wathet",
                "turquoise",
                "green",
                "yellow",
                "orange",
                "red",
                "carmine",
                "violet",
                "purple",
                "indigo",
                "grey",
                "default");

        @Override
        Reply answer(Call call, String secret) {
            if (!call.path().endsWith("aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee")) {
                return code(19001, "param invalid: incoming webhook access token invalid");
            }
            JsonNode json = call.json();
            String timestamp = json.path("timestamp").asString("0");
            String expected =
                    Base64.getEncoder().encodeToString(hmac((timestamp + "\n" + secret).getBytes(UTF_8), new byte[0]));
            if (Math.abs(Instant.now().getEpochSecond() - Long.parseLong(timestamp)) > 3_600
                    || !expected.equals(json.path("sign").asString())) {
                return code(19021, "sign match fail or timestamp is not within one hour from current time");
            }
            JsonNode card = json.path("card");
            JsonNode header = card.path("header");
            if (call.bytes() > 20 * 1024
                    || !json.path("msg_type").asString().equals("interactive")
                    || !card.isObject()
                    || !header.path("title").path("tag").asString().equals("plain_text")
                    || blank(header.path("title").path("content"))
                    || !COLOURS.contains(header.path("template").asString())
                    || card.path("elements").isEmpty()) {
                return code(9499, "Bad Request");
            }
            for (JsonNode element : card.path("elements")) {
                boolean fits = switch (element.path("tag").asString()) {
                    case "div" ->
                        !blank(element.path("text").path("content"))
                                && Set.of("plain_text", "lark_md")
                                        .contains(
                                                element.path("text").path("tag").asString());
                    case "hr" -> true;
                    case "note" -> !element.path("elements").isEmpty();
                    default -> false;
                };
                if (!fits) {
                    return code(200621, "parse card json err");
                }
            }
            return code(0, "success");
        }

        private Reply code(int code, String msg) {
            return Reply.of(200, "{\"code\":" + code + ",\"msg\":\"" + msg + "\",\"data\":{}}");
        }

        @Override
        public Reply tooMany() {
            return code(11232, "frequency limited psm[lark.oapi.app_platform_runtime]appID[1500]");
        }
    },

    /** https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks , reference/block-kit/blocks */
    SLACK("/services/T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX", 1, Duration.ofSeconds(1)) {
        @Override
        Reply answer(Call call, String secret) {
            if (!call.path().endsWith("XXXXXXXXXXXXXXXXXXXXXXXX")) {
                return Reply.of(404, "no_service");
            }
            JsonNode json = call.json();
            if (blank(json.path("text")) && json.path("blocks").isEmpty()) {
                return Reply.of(400, "no_text");
            }
            if (json.path("blocks").size() > 50) {
                return Reply.of(400, "invalid_blocks");
            }
            for (JsonNode block : json.path("blocks")) {
                boolean fits = switch (block.path("type").asString()) {
                    case "header" ->
                        isText(block.path("text"), 150)
                                && block.path("text").path("type").asString().equals("plain_text");
                    case "section" -> isText(block.path("text"), 3_000);
                    case "context" -> block.path("elements").size() <= 10;
                    case "divider" -> true;
                    default -> false;
                };
                if (!fits) {
                    return Reply.of(400, "invalid_blocks");
                }
            }
            return Reply.of(200, "ok");
        }

        private boolean isText(JsonNode text, int longest) {
            return !blank(text.path("text")) && text.path("text").asString().length() <= longest;
        }

        @Override
        public Reply tooMany() {
            return Reply.of(429, "rate_limited").with("Retry-After", "1");
        }
    },

    /** https://raw.githubusercontent.com/prometheus/alertmanager/main/api/v2/openapi.yaml */
    ALERTMANAGER("/api/v2/alerts", Integer.MAX_VALUE, Duration.ofMinutes(1)) {
        private static final Set<String> FIELDS = Set.of("labels", "annotations", "startsAt", "endsAt", "generatorURL");

        @Override
        Reply answer(Call call, String secret) {
            JsonNode alerts = call.json();
            if (!alerts.isArray() || alerts.isEmpty()) {
                return Reply.of(400, "\"postableAlerts in body is required\"");
            }
            for (JsonNode alert : alerts) {
                try {
                    Instant starts = Instant.parse(alert.path("startsAt").asString());
                    Instant ends = Instant.parse(alert.path("endsAt").asString());
                    boolean fits = FIELDS.containsAll(alert.propertyNames())
                            && areStrings(alert.path("labels"))
                            && !blank(alert.path("labels").path("alertname"))
                            && areStrings(alert.path("annotations"))
                            && !ends.isBefore(starts);
                    if (!fits) {
                        return Reply.of(400, "\"invalid alert\"");
                    }
                } catch (DateTimeParseException e) {
                    return Reply.of(400, "\"parsing alerts body failed\"");
                }
            }
            return Reply.of(200, "");
        }

        private boolean areStrings(JsonNode values) {
            return values.isObject()
                    && values.propertyStream()
                            .allMatch(entry -> entry.getKey().matches("[a-zA-Z_][a-zA-Z0-9_]*")
                                    && entry.getValue().isString());
        }

        @Override
        public Reply tooMany() {
            return Reply.of(503, "");
        }
    },

    /** https://github.com/PagerDuty/developer-docs/tree/main/docs/events-API-v2 */
    PAGERDUTY("/v2/enqueue", 120, Duration.ofMinutes(1)) {
        @Override
        Reply answer(Call call, String secret) {
            JsonNode event = call.json();
            JsonNode payload = event.path("payload");
            String action = event.path("event_action").asString();
            boolean trigger = action.equals("trigger");
            boolean fits = event.path("routing_key").asString().equals(secret)
                    && Set.of("trigger", "acknowledge", "resolve").contains(action)
                    && !blank(event.path("dedup_key"))
                    && event.path("dedup_key").asString().length() <= 255
                    && call.bytes() <= 512 * 1024
                    && (!trigger
                            || (!blank(payload.path("summary"))
                                    && payload.path("summary").asString().length() <= 1_024
                                    && !blank(payload.path("source"))
                                    && Set.of("critical", "error", "warning", "info")
                                            .contains(payload.path("severity").asString())));
            if (!fits) {
                return Reply.of(
                        400, "{\"status\":\"invalid event\",\"message\":\"Event object is invalid\",\"errors\":[]}");
            }
            return Reply.of(
                    202,
                    "{\"status\":\"success\",\"message\":\"Event processed\",\"dedup_key\":\""
                            + event.path("dedup_key").asString() + "\"}");
        }

        @Override
        public Reply tooMany() {
            return Reply.of(429, "");
        }
    },

    /** https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md */
    WEBHOOK("/hook", Integer.MAX_VALUE, Duration.ofMinutes(1)) {
        @Override
        Reply answer(Call call, String secret) {
            String id = call.header("webhook-id");
            String timestamp = call.header("webhook-timestamp");
            byte[] key = Base64.getDecoder().decode(secret.substring("whsec_".length()));
            String expected = "v1,"
                    + Base64.getEncoder()
                            .encodeToString(hmac(key, (id + "." + timestamp + "." + call.body()).getBytes(UTF_8)));
            boolean fits = Arrays.asList(call.header("webhook-signature").split(" ", 0))
                            .contains(expected)
                    && Math.abs(Instant.now().getEpochSecond() - Long.parseLong(timestamp)) < 300
                    && !blank(call.json().path("id"))
                    && !call.json().path("alerts").isEmpty();
            return fits ? Reply.of(204, "") : Reply.of(401, "no matching signature found");
        }

        @Override
        public Reply tooMany() {
            return Reply.of(429, "").with("Retry-After", "1");
        }
    };

    /** Where requests go. */
    public final String target;
    /** How many are taken in each {@link #per}. */
    public final int limit;

    public final Duration per;

    VendorApi(String target, int limit, Duration per) {
        this.target = target;
        this.limit = limit;
        this.per = per;
    }

    abstract Reply answer(Call call, String secret);

    /** What is answered above the limit. */
    public abstract Reply tooMany();

    /** What a request gets that is within the limit. */
    Reply reply(Call call, String secret) {
        if (!call.method().equals("POST")) {
            return Reply.of(405, "");
        }
        if (!call.header("content-type").startsWith("application/json")) {
            return Reply.of(415, "");
        }
        return answer(call, secret);
    }

    /** True when {@code reply} says that the message is there: three of them say in the body what others say by status. */
    static boolean isTaken(Reply reply) {
        return reply.status() / 100 == 2
                && (!reply.body().startsWith("{\"") || !reply.body().matches("\\{\"(errcode|code)\":[^0].*"));
    }

    private static Reply errcode(int code, String message) {
        return Reply.of(200, "{\"errcode\":" + code + ",\"errmsg\":\"" + message + "\"}");
    }

    private static boolean blank(@Nullable JsonNode text) {
        return text == null || !text.isString() || text.asString().isBlank();
    }

    private static byte[] hmac(byte[] key, byte[] message) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(Objects.requireNonNull(key), "HmacSHA256"));
            return mac.doFinal(message);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
