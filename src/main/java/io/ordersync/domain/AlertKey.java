package io.ordersync.domain;

import java.util.Comparator;

/**
 * Which alert of an order.
 *
 * @param subject the parcel; of an alert about a command its id, of CLOCK_SKEW the refund or the parcel
 */
public record AlertKey(Alert.Code code, String subject) implements Comparable<AlertKey> {

    private static final Comparator<AlertKey> ORDER =
            Comparator.comparing(AlertKey::code).thenComparing(AlertKey::subject);

    @Override
    public int compareTo(AlertKey other) {
        return ORDER.compare(this, other);
    }
}
