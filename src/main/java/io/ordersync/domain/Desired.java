package io.ordersync.domain;

import io.ordersync.domain.Excess.Holding;
import java.time.Instant;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What should be in force for an order, by what is known of it now.
 *
 * @param excess as things are
 * @param races the parcels in excess, by shipmentId
 */
record Desired(Picture picture, Excess excess, SortedMap<String, Race> races) {

    /** @param now wall clock: parcels not known to be in excess before are found now */
    static Desired of(Picture picture, Instant now) {
        Excess excess = Excess.of(picture);
        SortedMap<String, Race> races = new TreeMap<>();
        excess.holdings().forEach((id, holding) -> races.put(id, race(holding, excess, picture.sent(), now)));
        // Goods that are gone can't be called back, but someone owes for them.
        excess.lost().forEach((id, holding) -> races.put(id, race(holding, excess, picture.sent(), now)));
        return new Desired(picture, excess, Collections.unmodifiableSortedMap(races));
    }

    /** The same after more was sent than it was reckoned with: locks, and no recall. */
    Desired after(Sent sent) {
        return new Desired(
                new Picture(
                        picture.facts(),
                        sent,
                        picture.refunds(),
                        picture.parcels(),
                        picture.settled(),
                        picture.seenBy()),
                excess,
                races);
    }

    private static Race race(Holding holding, Excess excess, Sent sent, Instant now) {
        Instant foundBefore = sent.recall(holding.parcel().id()).foundAt();
        return Race.of(holding, excess, foundBefore == null ? now : foundBefore);
    }

    /** What the parcel holds in excess; of one that came back, is gone or was pulled: as if it alone were still out. */
    @Nullable
    Holding holdingOf(Parcel parcel) {
        Race race = races.get(parcel.id());
        if (race != null) {
            return race.holding();
        }
        return parcel.isOut() || parcel.isVoid()
                ? null
                : excess.asIfOut(parcel).holdings().get(parcel.id());
    }

    /**
     * The same for a parcel whose recall stands: that another one came back too is no reason to take it back. It ended well
     * if the parcel is in excess as if it alone were out, or as if all were.
     */
    @Nullable
    Holding holdingOfRecalled(Parcel parcel) {
        Holding alone = holdingOf(parcel);
        return alone != null || parcel.isOut() || parcel.isVoid()
                ? alone
                : excess.asIfAllOut().holdings().get(parcel.id());
    }

    /** Is a parcel whose recall stands rightly called back: wholly in excess, or where the policy allows it in part? */
    boolean isRecallDue(Parcel parcel, boolean takenBack, Policy policy) {
        Holding holding = takenBack ? holdingOf(parcel) : holdingOfRecalled(parcel);
        return holding != null && (policy.recallMixedParcels() || !holding.mixed());
    }

    /** Which units must not leave. */
    Locks locks() {
        return new Locks(picture, excess.reckoning());
    }
}
