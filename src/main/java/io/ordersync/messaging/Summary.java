package io.ordersync.messaging;

import io.ordersync.domain.Alert;
import io.ordersync.domain.Effect.Certainty;
import io.ordersync.domain.Effect.LineUnits;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Currency;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One English sentence on an alert, for people. It names refunds and parcels, and nobody and nothing they could be traced by. */
final class Summary {

    private Summary() {}

    static String of(Alert alert) {
        Alert.Details details = alert.details();
        if (alert.state() == Alert.State.RESOLVED) {
            return alert.code() + " no longer holds for " + subject(details) + ".";
        }
        String sentence = switch (alert.code()) {
            case REFUNDED_BUT_SHIPPED -> race(details) + goods(details);
            case MIXED_PARCEL -> race(details) + goods(details) + ", packed together with paid goods";
            case INTERCEPT_UNSUPPORTED -> race(details) + goods(details) + byHand(details);
            case DELIVERED_AFTER_REFUND ->
                parcel(details) + " was delivered although " + refunds(details) + " approved" + goods(details);
            case DIGITAL_DELIVERED_AFTER_REFUND -> "digital " + race(details) + goods(details);
            case CLAIM_COURIER ->
                parcel(details) + " was lost or damaged on its way" + goods(details)
                        + ", to be claimed from the courier";
            case WRITE_OFF_SUGGESTED -> race(details) + goods(details) + ", less than calling it back costs";
            case RESHIP_AFTER_REFUND ->
                "replacement " + parcel(details) + " is on its way although " + refunds(details) + " approved";
            case PULL_AT_BENCH ->
                "the goods of " + subject(details)
                        + " are labelled or packed already, so have them taken off the bench before they leave";
            case LOCK_UNANSWERED ->
                "the warehouse has not answered in time to what it was told about " + subject(details)
                        + ", so ask it by hand whether it did it";
            case LOCK_TOO_LATE ->
                "the warehouse could not hold back the goods of " + subject(details)
                        + ", so find out whether they have left";
            case LOCK_UNSUPPORTED ->
                "the warehouse can't hold back goods when it is told to, so ask it by hand to keep those of "
                        + subject(details);
            case INTERCEPT_FAILED ->
                "the courier does not call back " + parcel(details) + goods(details) + "; "
                        + afterFailure(alert.action());
            case INTERCEPT_UNANSWERED ->
                "the courier has not answered in time whether it calls back " + parcel(details) + goods(details)
                        + "; ask it by hand, for it is not asked again";
            case INTERCEPT_UNKNOWN ->
                "the courier was asked to call back " + parcel(details)
                        + ", and nobody knows whether it will" + goods(details)
                        + "; ask it by hand, for it is not asked again";
            case CANCEL_FAILED ->
                parcel(details) + " is paid for and may come back all the same,"
                        + " so have the courier deliver it, or send the goods anew";
            case CLOCK_SKEW ->
                "the time told for " + subject(details) + " lies in the future: a clock is wrong where it was told";
        };
        return Character.toUpperCase(sentence.charAt(0)) + sentence.substring(1) + '.';
    }

    private static String afterFailure(Alert.Action action) {
        return action == Alert.Action.WRITE_OFF
                ? "it asks for more than may be paid, so write it off"
                : "find out where it is, and ask for its return or write it off";
    }

    private static String subject(Alert.Details details) {
        return details.shipmentIds().isEmpty() && !details.refundIds().isEmpty()
                ? "refund " + details.refundIds().getFirst()
                : parcel(details);
    }

    private static String parcel(Alert.Details details) {
        return details.shipmentIds().isEmpty()
                ? "a parcel"
                : "parcel " + details.shipmentIds().getFirst();
    }

    private static String refunds(Alert.Details details) {
        List<String> ids = details.refundIds();
        return switch (ids.size()) {
            case 0 -> "a refund was";
            case 1 -> "refund " + ids.getFirst() + " was";
            default -> ids.size() + " refunds were";
        };
    }

    /** How the parcel and the first of its refunds met. */
    private static String race(Alert.Details details) {
        if (details.race() == null) {
            return parcel(details) + " was made although " + refunds(details) + " approved";
        }
        Duration gap = Duration.ofMillis(details.race().gapMillis());
        String first = details.refundIds().size() > 1
                ? "the first of " + details.refundIds().size() + " refunds was"
                : refunds(details);
        return parcel(details) + " was made " + length(gap.abs()) + (gap.isNegative() ? " before " : " after ") + first
                + " approved";
    }

    private static String length(Duration time) {
        if (time.toMinutes() < 1) {
            return "less than a minute";
        }
        if (time.toHours() < 1) {
            return time.toMinutes() + " min";
        }
        return time.toDays() < 2 ? time.toHours() + " h" : time.toDays() + " d";
    }

    private static String goods(Alert.Details details) {
        long units = details.lines().stream().mapToLong(LineUnits::quantity).sum();
        String quantity = units == 0 ? "goods" : units == 1 ? "1 unit" : units + " units";
        String certainty = details.certainty() == Certainty.CONFIRMED ? " in excess" : " in excess, it is suspected";
        return ": " + quantity + certainty + ", " + worth(details.exposureMinor(), details.currency());
    }

    private static String worth(@Nullable Long minor, @Nullable String code) {
        if (minor == null || code == null) {
            return "of unknown worth";
        }
        // Only a real currency is named: the field is free text, and anything could stand there.
        return Currency.availableCurrencies()
                .filter(currency -> currency.getCurrencyCode().equals(code))
                .findAny()
                .map(currency -> "worth "
                        + BigDecimal.valueOf(minor, Math.max(0, currency.getDefaultFractionDigits()))
                                .toPlainString()
                        + ' '
                        + code)
                .orElse("of unknown worth");
    }

    private static String byHand(Alert.Details details) {
        return details.courier() == null || details.trackingNumbers().isEmpty()
                ? "; find out who carries it and under which number, and ask them by hand to bring it back"
                : "; its courier takes no such orders from here, so ask them by hand to bring it back";
    }
}
