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
public final class InvalidSettingAnalyzer extends AbstractFailureAnalyzer<RuntimeException> {

    @Override
    protected @Nullable FailureAnalysis analyze(Throwable rootFailure, RuntimeException cause) {
        InvalidSetting setting = findCause(rootFailure, InvalidSetting.class);
        if (setting != null) {
            return analysis(setting.getMessage(), rootFailure);
        }
        BindException failure = findCause(rootFailure, BindException.class);
        if (failure == null || !failure.getName().toString().startsWith("order-sync")) {
            return null;
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
            Throwable why = failure.getCause() == null ? failure : failure.getCause();
            return analysis(failure.getName() + ": " + why.getMessage(), failure);
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
        if (type == Integer.class) {
            return "a whole number is needed";
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
