package io.ordersync.vendors;

import java.util.Map;

/** What a vendor answers. */
public record Reply(int status, Map<String, String> headers, String body) {

    public static Reply of(int status, String body) {
        return new Reply(status, Map.of(), body);
    }

    public Reply with(String header, String value) {
        return new Reply(status, Map.of(header, value), body);
    }
}
