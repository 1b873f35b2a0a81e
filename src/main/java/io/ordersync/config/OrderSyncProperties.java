package io.ordersync.config;

import io.ordersync.domain.Policy;
import io.ordersync.messaging.SchemaRegistry;
import io.ordersync.messaging.Topics;
import io.ordersync.streams.OrderTopology;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/** All settings under {@code order-sync.}; a name that is not among them stops the start. */
@ConfigurationProperties(prefix = "order-sync", ignoreUnknownFields = false)
record OrderSyncProperties(
        @DefaultValue("active") Mode mode,
        @DefaultValue Topics topics,
        @DefaultValue Registry schemaRegistry,
        @DefaultValue Recall policy,
        @DefaultValue State state) {

    /** What becomes of commands. */
    enum Mode {
        /** They are sent. */
        ACTIVE,
        /** They are reckoned and counted, and not sent: neither now nor later. */
        SHADOW
    }

    /**
     * How the schema registry is reached.
     *
     * @param url base URLs of one registry, asked in this order until one answers
     * @param userInfo {@code user:password} of basic authentication; none if not set
     * @param connectTimeout for one base URL
     * @param readTimeout from the question to the last byte of the answer, for one base URL
     * @param autoRegister may the schemas of the outputs be registered? Else they must be there already
     */
    record Registry(
            @DefaultValue("http://localhost:8081") List<String> url,
            @Nullable String userInfo,
            @DefaultValue("2s") Duration connectTimeout,
            @DefaultValue("5s") Duration readTimeout,
            @DefaultValue("true") boolean autoRegister) {

        private static final String PREFIX = "order-sync.schema-registry.";

        Registry {
            requirePositive(PREFIX + "connect-timeout", connectTimeout);
            requirePositive(PREFIX + "read-timeout", readTimeout);
            if (url.isEmpty()) {
                throw new InvalidSetting(PREFIX + "url", "", "a URL such as http://localhost:8081 is needed");
            }
            url.forEach(Registry::parse);
        }

        SchemaRegistry.Settings toSettings() {
            return new SchemaRegistry.Settings(
                    url.stream().map(Registry::parse).toList(), userInfo, connectTimeout, readTimeout, autoRegister);
        }

        private static URI parse(String url) {
            try {
                URI uri = URI.create(url.strip());
                if (uri.getHost() != null && ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))) {
                    return uri;
                }
            } catch (IllegalArgumentException e) {
                throw (InvalidSetting) notAUrl(url).initCause(e);
            }
            throw notAUrl(url);
        }

        private static InvalidSetting notAUrl(String url) {
            // It may carry a password.
            String shown = url.replaceAll("//[^/@]*@", "//***@");
            return new InvalidSetting(PREFIX + "url", shown, "a URL such as http://localhost:8081 is needed");
        }
    }

    /**
     * What a shop decides. See {@link Policy}.
     *
     * @param clockTolerance business times closer than this are taken as simultaneous
     * @param recallWithin a parcel not heard of for longer is not called back
     * @param recallMixedParcels may a parcel that holds paid goods too be called back?
     * @param recallSuspected may a parcel be called back that is in excess only as far as is known?
     * @param couriersWithoutIntercept couriers that can't intercept, by their codes
     * @param interceptFeeMinor what an intercept costs, by currency (ISO 4217), in its minor unit: goods worth less are not
     *     called back
     * @param maxInterceptFeeMinor what a courier may charge at most, by currency, in its minor unit
     * @param criticalExposureMinor from this worth on an alert is one step more severe, by currency, in its minor unit
     * @param interceptAnswerWithin how long a courier has to answer
     * @param lockAnswerWithin how long a warehouse has to answer; no answer is waited for if not set
     * @param pickupGrace how long after a PULL_PARCEL a parcel that the courier may have by now is called back
     */
    record Recall(
            @DefaultValue("5m") Duration clockTolerance,
            @DefaultValue("10d") Duration recallWithin,
            @DefaultValue("false") boolean recallMixedParcels,
            @DefaultValue("false") boolean recallSuspected,
            @DefaultValue Set<String> couriersWithoutIntercept,
            @DefaultValue Map<String, Long> interceptFeeMinor,
            @DefaultValue Map<String, Long> maxInterceptFeeMinor,
            @DefaultValue Map<String, Long> criticalExposureMinor,
            @DefaultValue("15m") Duration interceptAnswerWithin,
            @Nullable Duration lockAnswerWithin,
            @DefaultValue("30m") Duration pickupGrace) {

        private static final String PREFIX = "order-sync.policy.";

        Recall {
            if (clockTolerance.isNegative()) {
                throw new InvalidSetting(
                        PREFIX + "clock-tolerance", clockTolerance, "it must not be negative; 5m is the default");
            }
            requirePositive(PREFIX + "recall-within", recallWithin);
            requirePositive(PREFIX + "intercept-answer-within", interceptAnswerWithin);
            if (lockAnswerWithin != null) {
                requirePositive(PREFIX + "lock-answer-within", lockAnswerWithin);
            }
            requirePositive(PREFIX + "pickup-grace", pickupGrace);
            interceptFeeMinor = byCurrency("intercept-fee-minor", interceptFeeMinor);
            maxInterceptFeeMinor = byCurrency("max-intercept-fee-minor", maxInterceptFeeMinor);
            criticalExposureMinor = byCurrency("critical-exposure-minor", criticalExposureMinor);
        }

        /** Names from environment variables come in lower case. */
        private static Map<String, Long> byCurrency(String name, Map<String, Long> amounts) {
            Map<String, Long> byCurrency = new TreeMap<>();
            amounts.forEach((key, amount) -> {
                String currency = key.toUpperCase(Locale.ROOT);
                if (!currency.matches("[A-Z]{3}")) {
                    throw new InvalidSetting(
                            PREFIX + name + "." + key, amount, "the last part must be a currency such as CNY");
                }
                if (amount < 0) {
                    throw new InvalidSetting(PREFIX + name + "." + key, amount, "it must not be negative");
                }
                byCurrency.put(currency, amount);
            });
            return byCurrency;
        }
    }

    /**
     * How orders are kept.
     *
     * @param store memory (faster, while all orders fit into the heap) or rocksdb (on disk)
     * @param retention how long after its last arrival an order with nothing open is forgotten; longer keeps more state
     * @param lockRetention the same for an order of which refunded units may still ship, or with a case
     */
    record State(
            @DefaultValue("memory") OrderTopology.Store store,
            @DefaultValue("45d") Duration retention,
            @DefaultValue("180d") Duration lockRetention) {

        State {
            requirePositive("order-sync.state.retention", retention);
            if (lockRetention.compareTo(retention) < 0) {
                throw new InvalidSetting(
                        "order-sync.state.lock-retention",
                        lockRetention,
                        "it must not be shorter than order-sync.state.retention, " + retention);
            }
        }
    }

    Policy toPolicy() {
        return new Policy(
                policy.clockTolerance(),
                policy.recallWithin(),
                policy.recallMixedParcels(),
                policy.recallSuspected(),
                policy.couriersWithoutIntercept(),
                policy.interceptFeeMinor(),
                policy.maxInterceptFeeMinor(),
                policy.criticalExposureMinor(),
                policy.interceptAnswerWithin(),
                policy.lockAnswerWithin(),
                policy.pickupGrace(),
                topics.warehouseLockResults() != null,
                topics.interceptResults() != null,
                mode == Mode.SHADOW,
                state.retention(),
                state.lockRetention());
    }

    private static void requirePositive(String property, Duration value) {
        if (!value.isPositive()) {
            throw new InvalidSetting(property, value, "a duration above zero is needed, such as 30s, 15m or 10d");
        }
    }
}
