package io.ordersync;

import io.ordersync.dev.Answer;
import io.ordersync.dev.DevBroker;
import io.ordersync.process.Keytool;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;

/**
 * A cluster that lets in who has a password or a certificate, and allows only what an ACL does. The tests themselves come by a
 * listener that asks nobody, and may do everything.
 */
final class SecuredCluster implements AutoCloseable {

    static final String PASSWORD = "geheimes-kennwort";

    /** What is mounted: {@code ca/ca.crt}, {@code secrets/kafka/} with {@code password}, {@code user.crt}, {@code user.key}. */
    final Path mounted;

    final DevBroker broker;
    final Outside outside;

    /** @param directory an empty one */
    SecuredCluster(Path directory) {
        try {
            Keytool keytool = new Keytool(directory, PASSWORD);
            keytool.makeKey("broker", "-ext san=dns:localhost");
            keytool.makeKey("order-sync", "");
            mounted = directory.resolve("mounted");
            Path secrets = Files.createDirectories(mounted.resolve("secrets/kafka"));
            Files.copy(
                    directory.resolve("broker.crt"),
                    Files.createDirectory(mounted.resolve("ca")).resolve("ca.crt"));
            Files.copy(directory.resolve("order-sync.crt"), secrets.resolve("user.crt"));
            Files.writeString(secrets.resolve("user.key"), keytool.pem("order-sync"));
            Files.writeString(secrets.resolve("password"), PASSWORD + '\n');
            Path keys = Files.writeString(
                    directory.resolve("broker.pem"),
                    keytool.pem("broker") + Files.readString(directory.resolve("broker.crt")));
            broker = new DevBroker(
                    0,
                    Map.ofEntries(
                            Map.entry("authorizer.class.name", AskedAuthorizer.class.getName()),
                            Map.entry("super.users", "User:ANONYMOUS"),
                            Map.entry("ssl.keystore.type", "PEM"),
                            Map.entry("ssl.keystore.location", keys.toString()),
                            Map.entry("ssl.truststore.type", "PEM"),
                            Map.entry(
                                    "ssl.truststore.location",
                                    directory.resolve("order-sync.crt").toString()),
                            Map.entry("listener.name.ssl.ssl.client.auth", "required"),
                            Map.entry("sasl.enabled.mechanisms", "SCRAM-SHA-512"),
                            Map.entry(
                                    "listener.name.sasl_ssl.scram-sha-512.sasl.jaas.config",
                                    "org.apache.kafka.common.security.scram.ScramLoginModule required;")),
                    List.of("SASL_SSL", "SSL"));
            outside = new Outside(broker);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whoever has this name gets in with the password; its principal. */
    String addUser(String name) {
        Answer.of(outside.admin
                .alterUserScramCredentials(List.of(new UserScramCredentialUpsertion(
                        name, new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, 4096), PASSWORD)))
                .all());
        return "User:" + name;
    }

    /** With which such a user comes. */
    List<String> connection(String name) {
        return List.of(
                "--spring.kafka.bootstrap-servers=" + broker.bootstrapServers("SASL_SSL"),
                "--spring.kafka.security.protocol=SASL_SSL",
                "--spring.kafka.ssl.trust-store-type=PEM",
                "--spring.kafka.ssl.trust-store-location=file:" + mounted.resolve("ca/ca.crt"),
                "--spring.kafka.properties.sasl.mechanism=SCRAM-SHA-512",
                "--spring.kafka.properties.sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule"
                        + " required username=\"" + name + "\" password=\"" + PASSWORD + "\";");
    }

    void allow(ShopFloor shop, String principal, Collection<Acl> rights) {
        Answer.of(outside.admin
                .createAcls(rights.stream()
                        .map(right -> right.binding(shop, principal))
                        .toList())
                .all());
    }

    void withdraw(ShopFloor shop, String principal, Collection<Acl> rights) {
        Answer.of(outside.admin
                .deleteAcls(rights.stream()
                        .map(right -> right.binding(shop, principal).toFilter())
                        .toList())
                .all());
    }

    /** The document's block of settings that begins a section, as a file; with the paths and the broker that there are here. */
    Path settings(String section, String protocol) {
        try {
            String document = Files.readString(Acl.DOCUMENT);
            String behind = document.substring(document.indexOf("\n## " + section + '\n'));
            String yaml = behind.substring(behind.indexOf("```yaml\n") + 8, behind.indexOf("\n```\n"));
            return Files.writeString(
                    mounted.resolve(protocol + ".yaml"),
                    yaml.replace("/etc/order-sync", mounted.toString())
                            .replaceAll("kafka:909\\d", broker.bootstrapServers(protocol)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        outside.close();
    }
}
