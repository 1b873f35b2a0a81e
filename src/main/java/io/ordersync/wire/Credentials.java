package io.ordersync.wire;

import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.security.auth.login.AppConfigurationEntry;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.SaslConfigs;
import org.apache.kafka.common.config.types.Password;
import org.apache.kafka.common.security.JaasContext;
import org.jspecify.annotations.Nullable;

/** The headers by which the registry knows who asks. */
final class Credentials {

    private final Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    private final boolean fromUrl;

    /** @throws ConfigException when they contradict each other or are incomplete */
    Credentials(WireConfig config) {
        config.originalsWithPrefix(WireConfig.HEADER_PREFIX)
                .forEach((name, value) -> headers.put(name, usable(name, String.valueOf(value))));
        String bearer = config.getString(WireConfig.BEARER_SOURCE);
        if (!bearer.isEmpty()) {
            if (config.originals().containsKey(WireConfig.BASIC_SOURCE)) {
                throw new ConfigException(
                        WireConfig.BEARER_SOURCE, bearer, "not together with " + WireConfig.BASIC_SOURCE);
            }
            if (!bearer.equals("STATIC_TOKEN")) {
                throw new ConfigException(WireConfig.BEARER_SOURCE, bearer, "STATIC_TOKEN is the only source here");
            }
            headers.put("Authorization", "Bearer " + needed(config, WireConfig.BEARER_TOKEN));
            fromUrl = false;
            return;
        }
        String basic = config.getString(WireConfig.BASIC_SOURCE);
        switch (basic) {
            case "URL" -> {}
            case "USER_INFO" -> headers.put("Authorization", basic(needed(config, WireConfig.BASIC_USER)));
            case "SASL_INHERIT" -> headers.put("Authorization", basic(saslUser(config)));
            default ->
                throw new ConfigException(WireConfig.BASIC_SOURCE, basic, "URL, USER_INFO or SASL_INHERIT is needed");
        }
        fromUrl = basic.equals("URL");
    }

    Map<String, String> headersFor(URI url) {
        String user = fromUrl ? url.getUserInfo() : null;
        if (user == null) {
            return headers;
        }
        Map<String, String> all = new TreeMap<>(headers);
        all.put("Authorization", basic(user));
        return all;
    }

    /** Now: a request that can't be made later would look as if the record were at fault. */
    private static String usable(String name, String value) {
        try {
            HttpRequest.newBuilder().setHeader(name, value);
            return value;
        } catch (IllegalArgumentException e) {
            // Its message would tell the value, which may be a secret.
            throw new ConfigException(WireConfig.HEADER_PREFIX + name + ": no such header can be sent");
        }
    }

    private static String needed(WireConfig config, String key) {
        String secret = config.getPassword(key).value();
        if (secret == null || secret.isBlank()) {
            throw new ConfigException(key + " is needed, and is not set");
        }
        return secret.strip();
    }

    private static String basic(String user) {
        return "Basic " + Base64.getEncoder().encodeToString(user.getBytes(StandardCharsets.UTF_8));
    }

    /** User and password of the Kafka client itself. */
    private static String saslUser(WireConfig config) {
        Map<String, Object> sasl = new HashMap<>(config.originals());
        sasl.computeIfPresent(
                SaslConfigs.SASL_JAAS_CONFIG,
                (key, value) -> value instanceof String text ? new Password(text) : value);
        List<AppConfigurationEntry> modules = List.of();
        try {
            modules = JaasContext.loadClientContext(sasl).configurationEntries();
        } catch (RuntimeException e) {
            // Its message may tell the password: what stands there can't be read as a module and its options.
        }
        String user = option(modules, "username");
        String password = option(modules, "password");
        if (user == null || password == null) {
            throw new ConfigException(WireConfig.BASIC_SOURCE + " is SASL_INHERIT: " + SaslConfigs.SASL_JAAS_CONFIG
                    + " with a username and a password is needed");
        }
        return user + ":" + password;
    }

    private static @Nullable String option(List<AppConfigurationEntry> modules, String name) {
        Object value =
                modules.isEmpty() ? null : modules.getFirst().getOptions().get(name);
        return value == null ? null : value.toString();
    }
}
