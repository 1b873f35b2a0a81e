package io.ordersync.config;

import io.ordersync.messaging.Topics;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.UnboundConfigurationPropertiesException;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/** Says in one line which property stopped the start, what its value is, and what would do. */
@Order(Ordered.HIGHEST_PRECEDENCE)
public final class InvalidSettingAnalyzer extends AbstractFailureAnalyzer<BindException> {

    @Override
    protected @Nullable FailureAnalysis analyze(Throwable rootFailure, BindException failure) {
        if (!failure.getName().toString().startsWith("order-sync")) {
            return null;
        }
        InvalidSetting setting = findCause(failure, InvalidSetting.class);
        if (setting != null) {
            return analysis(setting.getMessage(), failure);
        }
        UnboundConfigurationPropertiesException unknown =
                findCause(failure, UnboundConfigurationPropertiesException.class);
        if (unknown != null) {
            // Without their values: one may be a secret whose name is misspelt.
            String names = unknown.getUnboundProperties().stream()
                    .map(property -> property.getName().toString())
                    .sorted()
                    .collect(Collectors.joining(", "));
            return analysis(names + ": no such property; the README lists those there are", failure);
        }
        IllegalArgumentException refused = findCause(failure, IllegalArgumentException.class);
        if (refused != null && failure.getTarget().getType().resolve() == Topics.class) {
            return analysis(failure.getName() + "." + refused.getMessage(), failure);
        }
        ConfigurationProperty property = failure.getProperty();
        Object value = property == null ? null : property.getValue();
        if (value == null) {
            Throwable cause = failure.getCause() == null ? failure : failure.getCause();
            return analysis(failure.getName() + ": " + cause.getMessage(), failure);
        }
        Class<?> type = failure.getTarget().getType().resolve(Object.class);
        return analysis(InvalidSetting.line(failure.getName().toString(), value, wouldDo(type)), failure);
    }

    private static String wouldDo(Class<?> type) {
        if (type == Duration.class) {
            return "a duration is needed, such as 30s, 15m or 10d";
        }
        if (type == boolean.class || type == Boolean.class) {
            return "true or false is needed";
        }
        if (type.isEnum()) {
            return Arrays.stream(type.getEnumConstants())
                            .map(symbol -> symbol.toString().toLowerCase(Locale.ROOT))
                            .collect(Collectors.joining(" or "))
                    + " is needed";
        }
        if (type == Long.class) {
            return "a whole number is needed, an amount in the currency's minor unit";
        }
        return "a " + type.getSimpleName() + " is needed";
    }

    private static FailureAnalysis analysis(@Nullable String line, Throwable failure) {
        return new FailureAnalysis(String.valueOf(line), null, failure);
    }
}
