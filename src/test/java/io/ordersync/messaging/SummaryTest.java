package io.ordersync.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import io.ordersync.domain.Alert;
import io.ordersync.domain.Effect.Certainty;
import io.ordersync.domain.Effect.LineUnits;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class SummaryTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            REFUNDED_BUT_SHIPPED           | Parcel S1 was made 40 min after refund R1 was approved: 1 unit in excess, worth 129.00 CNY.
            MIXED_PARCEL                   | Parcel S1 was made 40 min after refund R1 was approved: 1 unit in excess, worth 129.00 CNY, packed together with paid goods.
            INTERCEPT_UNSUPPORTED          | Parcel S1 was made 40 min after refund R1 was approved: 1 unit in excess, worth 129.00 CNY; its courier takes no such orders from here, so ask them by hand to bring it back.
            DELIVERED_AFTER_REFUND         | Parcel S1 was delivered although refund R1 was approved: 1 unit in excess, worth 129.00 CNY.
            DIGITAL_DELIVERED_AFTER_REFUND | Digital parcel S1 was made 40 min after refund R1 was approved: 1 unit in excess, worth 129.00 CNY.
            CLAIM_COURIER                  | Parcel S1 was lost or damaged on its way: 1 unit in excess, worth 129.00 CNY, to be claimed from the courier.
            WRITE_OFF_SUGGESTED            | Parcel S1 was made 40 min after refund R1 was approved: 1 unit in excess, worth 129.00 CNY, less than calling it back costs.
            RESHIP_AFTER_REFUND            | Replacement parcel S1 is on its way although refund R1 was approved.
            LOCK_UNANSWERED                | The warehouse has not answered in time to what it was told about parcel S1, so ask it by hand whether it did it.
            INTERCEPT_FAILED               | The courier does not call back parcel S1: 1 unit in excess, worth 129.00 CNY; find out where it is, and ask for its return or write it off.
            INTERCEPT_UNANSWERED           | The courier has not answered in time whether it calls back parcel S1: 1 unit in excess, worth 129.00 CNY; ask it by hand, for it is not asked again.
            INTERCEPT_UNKNOWN              | The courier was asked to call back parcel S1, and nobody knows whether it will: 1 unit in excess, worth 129.00 CNY; ask it by hand, for it is not asked again.
            CANCEL_FAILED                  | Parcel S1 is paid for and may come back all the same, so have the courier deliver it, or send the goods anew.
            CLOCK_SKEW                     | The time told for parcel S1 lies in the future: a clock is wrong where it was told.
            """)
    void saysWhatIsWrong(Alert.Code code, String sentence) {
        assertThat(Summary.of(Effects.firing(code))).isEqualTo(sentence);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            PULL_AT_BENCH    | The goods of refund R1 are labelled or packed already, so have them taken off the bench before they leave.
            LOCK_UNANSWERED  | The warehouse has not answered in time to what it was told about refund R1, so ask it by hand whether it did it.
            LOCK_TOO_LATE    | The warehouse could not hold back the goods of refund R1, so find out whether they have left.
            LOCK_UNSUPPORTED | The warehouse can't hold back goods when it is told to, so ask it by hand to keep those of refund R1.
            """)
    void saysWhatAWarehouseDidWithALock(Alert.Code code, String sentence) {
        assertThat(Summary.of(Effects.alert(code, Alert.State.FIRING, Effects.ofLock())))
                .isEqualTo(sentence);
    }

    @Test
    void saysThatACourierAsksForMoreThanMayBePaid() {
        Alert alert = new Alert(
                Effects.ID,
                Effects.CASE,
                Alert.Code.INTERCEPT_FAILED,
                Alert.Severity.HIGH,
                Alert.State.FIRING,
                Alert.Action.WRITE_OFF,
                Effects.details(0),
                Effects.AT,
                Effects.AT);

        assertThat(Summary.of(alert))
                .isEqualTo("The courier does not call back parcel S1: 1 unit in excess, worth 129.00 CNY;"
                        + " it asks for more than may be paid, so write it off.");
    }

    @ParameterizedTest
    @CsvSource({
        "0, less than a minute after",
        "-59999, less than a minute before",
        "60000, 1 min after",
        "-3599999, 59 min before",
        "3600000, 1 h after",
        "172799999, 47 h after",
        "172800000, 2 d after"
    })
    void tellsTheGapInItsLargestUnit(long gapMillis, String gap) {
        assertThat(summary(Effects.details(gapMillis)))
                .startsWith("Parcel S1 was made " + gap + " refund R1 was approved:");
    }

    @ParameterizedTest
    @CsvSource({
        "12900, CNY, 'worth 129.00 CNY'",
        "12900, JPY, 'worth 12900 JPY'",
        "12900, KWD, 'worth 12.900 KWD'",
        "0, CNY, 'worth 0.00 CNY'",
        ", CNY, 'of unknown worth'",
        "12900, , 'of unknown worth'",
        "12900, 'call 13800000000', 'of unknown worth'"
    })
    void tellsTheWorthInTheCurrencysOwnDigits(@Nullable Long exposureMinor, @Nullable String currency, String worth) {
        assertThat(summary(Effects.details(
                        0, List.of("R1"), Effects.ONE_UNIT, exposureMinor, currency, Certainty.CONFIRMED)))
                .endsWith("1 unit in excess, " + worth + ".");
    }

    @Test
    void countsRefundsAndUnits() {
        var lines = List.of(new LineUnits("L1", "SKU-1", 2), new LineUnits("L2", "SKU-2", 1));

        assertThat(summary(Effects.details(60_000, List.of("R1", "R2"), lines, 1L, "CNY", Certainty.SUSPECTED)))
                .isEqualTo("Parcel S1 was made 1 min after the first of 2 refunds was approved:"
                        + " 3 units in excess, it is suspected, worth 0.01 CNY.");
    }

    @Test
    void tellsNoUnitsOfAParcelWhoseLinesWereNotTold() {
        assertThat(summary(Effects.details(60_000, List.of("R1"), List.of(), null, null, Certainty.CONFIRMED)))
                .isEqualTo("Parcel S1 was made 1 min after refund R1 was approved: goods in excess, of unknown worth.");
    }

    @ParameterizedTest
    @EnumSource(Alert.Code.class)
    void isOneSentenceWithoutTrackingNumberOrOperatorWhateverIsKnown(Alert.Code code) {
        for (Alert.Details details : List.of(Effects.details(0), Effects.ofLock(), Effects.nothing())) {
            for (Alert.State state : Alert.State.values()) {
                assertThat(Summary.of(Effects.alert(code, state, details)))
                        .matches("[A-Z][^.]*(\\d\\.\\d\\d[^.]*)?\\.")
                        .doesNotContain("SF1234567890", "op-7", "null");
            }
        }
    }

    @Test
    void saysWhatIsNoLongerSo() {
        assertThat(Summary.of(Effects.alert(Alert.Code.MIXED_PARCEL, Alert.State.RESOLVED, Effects.details(0))))
                .isEqualTo("MIXED_PARCEL no longer holds for parcel S1.");
    }

    private static String summary(Alert.Details details) {
        return Summary.of(Effects.alert(Alert.Code.REFUNDED_BUT_SHIPPED, Alert.State.FIRING, details));
    }
}
