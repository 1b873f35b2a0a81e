package io.ordersync.messaging;

import java.util.Arrays;
import java.util.List;

/**
 * The symbols of one enum for those of another, by their names.
 *
 * @param inOrder one for each of {@code F}, in its order
 */
record Symbols<F extends Enum<F>, T extends Enum<T>>(List<T> inOrder) {

    /** @throws IllegalArgumentException when {@code to} lacks one of {@code from} */
    static <F extends Enum<F>, T extends Enum<T>> Symbols<F, T> of(Class<F> from, Class<T> to) {
        return new Symbols<>(Arrays.stream(from.getEnumConstants())
                .map(symbol -> Enum.valueOf(to, symbol.name()))
                .toList());
    }

    @SuppressWarnings("EnumOrdinal") // they are in that order
    T of(F symbol) {
        return inOrder.get(symbol.ordinal());
    }
}
