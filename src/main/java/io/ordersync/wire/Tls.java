package io.ordersync.wire;

import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import javax.net.ssl.X509TrustManager;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.SslConfigs;
import org.apache.kafka.common.config.types.Password;
import org.apache.kafka.common.security.ssl.DefaultSslEngineFactory;
import org.jspecify.annotations.Nullable;

/** TLS to the registry, by Kafka's own keys with {@code schema.registry.} before them. */
final class Tls {

    private Tls() {}

    /**
     * What is trusted, and who we are; null when nothing is configured: the JVM's own.
     *
     * @throws ConfigException when a store can't be read
     */
    static @Nullable SSLContext context(WireConfig config) {
        Map<String, Object> given = config.originalsWithPrefix(WireConfig.PREFIX);
        given.keySet().removeIf(key -> !key.startsWith("ssl."));
        if (given.isEmpty()) {
            return null;
        }
        ConfigDef keys = new ConfigDef();
        SslConfigs.addClientSslSupport(keys);
        Map<String, ?> ssl = parse(keys, given);
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keyManagers(ssl), trustManagers(ssl), null);
            return context;
        } catch (GeneralSecurityException e) {
            throw (ConfigException)
                    new ConfigException(WireConfig.PREFIX + "ssl.*: no TLS can be made of it").initCause(e);
        }
    }

    private static Map<String, ?> parse(ConfigDef keys, Map<String, Object> given) {
        try {
            return new AbstractConfig(keys, given, false).values();
        } catch (ConfigException e) {
            throw new ConfigException(WireConfig.PREFIX + "ssl.*: " + e.getMessage());
        }
    }

    private static KeyManager @Nullable [] keyManagers(Map<String, ?> ssl) throws GeneralSecurityException {
        KeyStore store = store(ssl, "keystore");
        if (store == null) {
            return null;
        }
        Password password = (Password) Objects.requireNonNullElse(ssl.get("ssl.key.password"), new Password(""));
        if (password.value().isEmpty() && ssl.get("ssl.keystore.password") instanceof Password ofStore) {
            password = ofStore;
        }
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        try {
            keys.init(store, password.value().toCharArray());
        } catch (GeneralSecurityException e) {
            throw unusable("ssl.key.password", e);
        }
        return keys.getKeyManagers();
    }

    private static TrustManager @Nullable [] trustManagers(Map<String, ?> ssl) throws GeneralSecurityException {
        KeyStore store = store(ssl, "truststore");
        Object algorithm = ssl.get(SslConfigs.SSL_ENDPOINT_IDENTIFICATION_ALGORITHM_CONFIG);
        boolean anyHost = algorithm == null || algorithm.toString().isEmpty();
        if (store == null && !anyHost) {
            return null;
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        TrustManager[] managers = trust.getTrustManagers();
        return anyHost ? new TrustManager[] {new AnyHost((X509TrustManager) managers[0])} : managers;
    }

    /** Read by Kafka, which knows JKS, PKCS12 and PEM. */
    private static @Nullable KeyStore store(Map<String, ?> ssl, String which) {
        Map<String, Object> only = new HashMap<>(ssl);
        only.keySet()
                .removeIf(key -> which.equals("keystore")
                        ? key.startsWith("ssl.truststore.")
                        : key.startsWith("ssl.keystore.") || key.equals("ssl.key.password"));
        try (DefaultSslEngineFactory stores = new DefaultSslEngineFactory()) {
            stores.configure(only);
            return which.equals("keystore") ? stores.keystore() : stores.truststore();
        } catch (KafkaException e) {
            throw unusable("ssl." + which + ".location", e);
        }
    }

    private static ConfigException unusable(String key, Exception cause) {
        return (ConfigException)
                new ConfigException(WireConfig.PREFIX + key + ": " + cause.getMessage()).initCause(cause);
    }

    /** The HTTP client asks for a certificate of the host's name in any case: who does not want that does not hear it. */
    private static final class AnyHost extends X509ExtendedTrustManager {

        private final X509TrustManager trusted;

        AnyHost(X509TrustManager trusted) {
            this.trusted = trusted;
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
                throws CertificateException {
            trusted.checkServerTrusted(chain, type);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
                throws CertificateException {
            trusted.checkServerTrusted(chain, type);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
            trusted.checkServerTrusted(chain, type);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
                throws CertificateException {
            trusted.checkClientTrusted(chain, type);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
                throws CertificateException {
            trusted.checkClientTrusted(chain, type);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
            trusted.checkClientTrusted(chain, type);
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return trusted.getAcceptedIssuers();
        }
    }
}
