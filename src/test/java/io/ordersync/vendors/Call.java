package io.ordersync.vendors;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLDecoder;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * One request that a vendor got.
 *
 * @param atNanos when, by {@link System#nanoTime}
 * @param headers by their names in small letters
 */
public record Call(
        long atNanos, String method, String path, @Nullable String rawQuery, Map<String, String> headers, String body) {

    private static final JsonMapper JSON = new JsonMapper();

    public JsonNode json() {
        return JSON.readTree(body);
    }

    public int bytes() {
        return body.getBytes(UTF_8).length;
    }

    public String header(String name) {
        return Objects.requireNonNullElse(headers.get(name), "");
    }

    /** A parameter of the query, decoded; empty when there is none. */
    public String parameter(String name) {
        Map<String, String> parameters = rawQuery == null
                ? Map.of()
                : Arrays.stream(rawQuery.split("&", 0))
                        .map(part -> part.split("=", 2))
                        .collect(Collectors.toMap(part -> part[0], part -> URLDecoder.decode(part[1], UTF_8)));
        return parameters.getOrDefault(name, "");
    }
}
