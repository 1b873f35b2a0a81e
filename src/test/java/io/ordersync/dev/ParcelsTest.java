package io.ordersync.dev;

import static io.ordersync.dev.Sample.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.ordersync.contract.ParcelStage;
import io.ordersync.contract.ShipmentCreated;
import io.ordersync.contract.ShipmentStatusChanged;
import io.ordersync.contract.ShipmentVoided;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ParcelsTest {
    private final Agenda agenda = new Agenda(100);

    @Test
    void travelFromTheBenchToTheBuyerWithinAMinute() {
        var scans = new Parcels(Sample.world()).hear(Sample.parcel(ParcelStage.LABEL_CREATED), NOW);

        assertThat(scans)
                .extracting(Planned::at)
                .isSorted()
                .allMatch(at -> at.isAfter(NOW) && at.isBefore(NOW.plus(Duration.ofMinutes(1))));
        assertThat(scans)
                .allSatisfy(planned -> assertThat(((ShipmentStatusChanged) planned.value()).getOccurredAt())
                        .isEqualTo(planned.at()));
        agenda.add(scans);
        assertThat(Sample.said(agenda)).containsExactly("PICKED_UP", "IN_TRANSIT", "OUT_FOR_DELIVERY", "DELIVERED");
    }

    @Test
    void takeAsLongAsAnHourIs() {
        var parcel = Sample.parcel(ParcelStage.IN_TRANSIT);

        var fast = new Parcels(Sample.world("hour=100ms")).hear(parcel, NOW).getLast();
        var slow = new Parcels(Sample.world("hour=10s")).hear(parcel, NOW).getLast();

        assertThat(Duration.between(NOW, slow.at()).dividedBy(Duration.between(NOW, fast.at())))
                .isBetween(98L, 102L);
    }

    @Test
    void areTakenUpOnce() {
        var parcels = new Parcels(Sample.world());

        agenda.add(parcels.hear(Sample.parcel(ParcelStage.OUT_FOR_DELIVERY), NOW));
        agenda.add(parcels.hear(Sample.parcel(ParcelStage.OUT_FOR_DELIVERY), NOW));

        assertThat(Sample.said(agenda)).containsExactly("DELIVERED");
    }

    @Test
    void comeBackWhenTheBuyerDoesNotTakeThem() {
        agenda.add(new Parcels(Sample.world("door-refused-percent=100"))
                .hear(Sample.parcel(ParcelStage.OUT_FOR_DELIVERY), NOW));

        assertThat(Sample.said(agenda)).containsExactly("REFUSED", "RETURNING", "RETURNED");
    }

    @Test
    void stayOnTheBenchWhenTheyAreVoided() {
        var parcels = new Parcels(Sample.world("parcels-voided-percent=100"));

        assertThat(parcels.hear(Sample.parcel(ParcelStage.LABEL_CREATED), NOW))
                .singleElement()
                .satisfies(planned -> assertThat(((ShipmentVoided) planned.value()).getVoidedAt())
                        .isEqualTo(planned.at())
                        .isAfter(NOW));
    }

    @Test
    void areNotScannedWhenNothingTravels() {
        var digital = ShipmentCreated.newBuilder(Sample.parcel(ParcelStage.UNKNOWN))
                .setDigital(true)
                .build();

        assertThat(new Parcels(Sample.world()).hear(digital, NOW)).isEmpty();
    }

    @Test
    void areNotScannedBeforeTheyAreMade() {
        var ahead = ShipmentCreated.newBuilder(Sample.parcel(ParcelStage.OUT_FOR_DELIVERY))
                .setCreatedAt(NOW.plusSeconds(60))
                .build();

        assertThat(new Parcels(Sample.world()).hear(ahead, NOW))
                .extracting(Planned::at)
                .allMatch(at -> at.isAfter(ahead.getCreatedAt()));
    }
}
