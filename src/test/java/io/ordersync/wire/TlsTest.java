package io.ordersync.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import io.ordersync.process.Keytool;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManagerFactory;
import org.apache.kafka.common.config.ConfigException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A registry behind TLS, which asks who we are. */
@Timeout(60)
class TlsTest {

    private static final String PASSWORD = "geheim";

    @TempDir
    static Path stores;

    /** Two servers, one of our host and one of another's, and a client; each trusts the others' certificates. */
    @BeforeAll
    static void makeStores() throws Exception {
        Keytool keytool = new Keytool(stores, PASSWORD);
        for (String name : List.of("localhost", "elsewhere", "client")) {
            keytool.makeKey(name, "-ext san=dns:" + name);
            keytool.run("-importcert -noprompt -alias %s -file %s.crt -keystore trust.p12".formatted(name, name));
        }
    }

    private static KeyStore store(String name) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(stores.resolve(name + ".p12"))) {
            store.load(in, PASSWORD.toCharArray());
        }
        return store;
    }

    /** A registry with the certificate of {@code host}, that wants to see one of the client's. */
    private static RegistryStub registry(String host) throws Exception {
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store(host), PASSWORD.toCharArray());
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store("trust"));
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        HttpsServer server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(context) {
            @Override
            public void configure(HttpsParameters parameters) {
                SSLParameters needed = context.getDefaultSSLParameters();
                needed.setNeedClientAuth(true);
                parameters.setSSLParameters(needed);
            }
        });
        RegistryStub registry = new RegistryStub(server);
        registry.has(7, Wired.THING);
        return registry;
    }

    private static void read(RegistryStub registry, Object... more) {
        try (AvroDeserializer deserializer = Wired.deserializer(registry, more)) {
            assertThat(deserializer.deserialize("things", Wired.written(7, Wired.THING, "x", 2)))
                    .isEqualTo(Wired.thing("x", 2));
        }
    }

    private static Object[] stores(String identification) {
        return new Object[] {
            "schema.registry.ssl.truststore.location",
            stores.resolve("trust.p12").toString(),
            "schema.registry.ssl.truststore.password",
            PASSWORD,
            "schema.registry.ssl.truststore.type",
            "PKCS12",
            "schema.registry.ssl.keystore.location",
            stores.resolve("client.p12").toString(),
            "schema.registry.ssl.keystore.password",
            PASSWORD,
            "schema.registry.ssl.keystore.type",
            "PKCS12",
            "schema.registry.ssl.key.password",
            PASSWORD,
            "schema.registry.ssl.endpoint.identification.algorithm",
            identification,
            "http.connect.timeout.ms",
            10_000,
            "http.read.timeout.ms",
            10_000
        };
    }

    @Test
    void showsItsCertificateAndTrustsTheConfiguredOnes() throws Exception {
        try (RegistryStub registry = registry("localhost")) {
            read(registry, stores("https"));
        }
    }

    @Test
    void trustsNobodyWhoIsNotConfigured() throws Exception {
        try (RegistryStub registry = registry("localhost")) {
            assertThatThrownBy(() -> read(registry, "http.connect.timeout.ms", 10_000))
                    .isInstanceOf(RegistryUnavailableException.class)
                    .hasRootCauseInstanceOf(Exception.class)
                    .hasStackTraceContaining(SSLHandshakeException.class.getName());
        }
    }

    @Test
    void isNotLetInWithoutACertificate() throws Exception {
        try (RegistryStub registry = registry("localhost")) {
            Object[] onlyTrust = Arrays.copyOf(stores("https"), 6);

            assertThatThrownBy(() -> read(registry, onlyTrust)).isInstanceOf(RegistryUnavailableException.class);
        }
    }

    @Test
    void takesACertificateOfAnotherHostWhereThatIsWanted() throws Exception {
        try (RegistryStub registry = registry("elsewhere")) {
            assertThatThrownBy(() -> read(registry, stores("https"))).isInstanceOf(RegistryUnavailableException.class);
            read(registry, stores(""));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"keystore", "truststore"})
    void namesTheStoreThatCannotBeRead(String which) throws Exception {
        try (RegistryStub registry = registry("localhost")) {
            Object[] wrong = stores("https");
            int password = Arrays.asList(wrong).indexOf("schema.registry.ssl." + which + ".password") + 1;
            wrong[password] = "wrong-secret";

            assertThatThrownBy(() -> read(registry, wrong))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageStartingWith("schema.registry.ssl." + which + ".location: ")
                    .hasMessageNotContaining("secret");
        }
    }
}
