package io.ordersync.domain;

import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.statistics.Statistics;

/** What is drawn at random is worth drawing only if all that may happen to an order happens often. */
class HistoriesTest {

    @Property
    void tellAboutEveryKindOfOrderOften(@ForAll(supplier = Histories.class) List<Fact> history) {
        Map<String, Integer> excess = ExcessOracle.excess(history);
        boolean race = excess.values().stream().anyMatch(units -> units > 0);
        boolean partOfAParcel = race
                && history.stream()
                        .filter(ShipmentCreated.class::isInstance)
                        .map(ShipmentCreated.class::cast)
                        .anyMatch(parcel -> parcel.lines().stream()
                                .anyMatch(line -> line.quantity() > excess.getOrDefault(line.lineId(), 0)));
        Statistics.label("race").collect(race).coverage(share -> {
            share.check(true).percentage(percent -> percent > 25);
            share.check(false).percentage(percent -> percent > 25);
        });
        Statistics.label("a race with paid goods in a parcel")
                .collect(partOfAParcel)
                .coverage(share -> share.check(true).percentage(percent -> percent > 15));
    }
}
