package io.ordersync.alerting;

import java.text.MessageFormat;
import java.util.Locale;
import java.util.ResourceBundle;
import java.util.stream.Stream;

/** The words of one language, in {@code words_<language>.properties}. */
final class Words {

    private final ResourceBundle bundle;

    Words(Language language) {
        bundle = ResourceBundle.getBundle(
                "io.ordersync.alerting.words",
                language == Language.ZH ? Locale.CHINESE : Locale.ENGLISH,
                ResourceBundle.Control.getNoFallbackControl(ResourceBundle.Control.FORMAT_PROPERTIES));
    }

    String of(String key, Object... arguments) {
        String pattern = bundle.getString(key);
        return arguments.length == 0 ? pattern : new MessageFormat(pattern, Locale.ROOT).format(arguments);
    }

    /** The first of these that there is. */
    String firstOf(String... keys) {
        return of(Stream.of(keys)
                .filter(bundle::containsKey)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("none of " + String.join(", ", keys))));
    }
}
