package io.ordersync.alerting;

import java.net.URI;
import java.time.Instant;
import java.util.Map;

/** How alerts are told in one vendor's form. Has no state. */
interface Channel {

    Shape shape();

    /**
     * What tells {@code letter}.
     *
     * @param now by the wall clock: some sign it, and refuse what is older than an hour
     */
    Request request(Letter letter, Instant now);

    Verdict read(Answer answer);

    /**
     * A POST.
     *
     * @param uri may hold secrets
     * @param headers beside the content type
     */
    record Request(URI uri, Map<String, String> headers, String body) {}
}
