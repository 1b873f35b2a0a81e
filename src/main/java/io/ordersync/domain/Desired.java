package io.ordersync.domain;

import io.ordersync.domain.Excess.Holding;
import java.time.Instant;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What should be in force for an order, by what is known of it now.
 *
 * @param excess as things are
 * @param races the parcels in excess, by shipmentId
 */
record Desired(Excess excess, SortedMap<String, Race> races) {

    /** @param now wall clock: parcels not known to be in excess before are found now */
    static Desired of(OrderFacts facts, Sent sent, Instant now) {
        Excess excess = Excess.of(facts, sent);
        SortedMap<String, Race> races = new TreeMap<>();
        excess.holdings().forEach((id, holding) -> races.put(id, race(holding, excess, sent, now)));
        for (Parcel parcel : facts.parcels().values()) {
            if (parcel.stage() == ParcelStage.LOST) {
                // Goods that are gone can't be called back, but someone owes for them.
                Holding holding = excess.ifOut(parcel);
                if (holding != null) {
                    races.put(parcel.id(), race(holding, excess, sent, now));
                }
            }
        }
        return new Desired(excess, races);
    }

    private static Race race(Holding holding, Excess excess, Sent sent, Instant now) {
        Instant foundBefore = sent.recall(holding.parcel().id()).foundAt();
        return Race.of(holding, excess, foundBefore == null ? now : foundBefore);
    }

    /** Is there a case, or may a refunded unit still leave? */
    boolean isOpen(OrderFacts facts) {
        return races.values().stream().anyMatch(race -> !race.parcel().made().digital())
                || new Locks(facts, excess.reckoning()).isAnyStillWanted()
                || facts.isAnyParcelAwaited();
    }
}
