package io.ordersync.domain;

import java.time.Instant;
import java.util.Comparator;

/**
 * Where a parcel was.
 *
 * @param stage never UNKNOWN: that replaces nothing
 * @param at business time
 */
public record Scan(ParcelStage stage, Instant at) {

    /** The last one says where the parcel is: the latest, of one moment the later symbol. */
    public static final Comparator<Scan> BY_TIME =
            Comparator.comparing(Scan::at).thenComparing(Scan::stage);

    /** Was the parcel with the courier then, or beyond? */
    boolean isUnderWay() {
        return stage.compareTo(ParcelStage.PICKED_UP) >= 0;
    }
}
