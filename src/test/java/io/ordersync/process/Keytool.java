package io.ordersync.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.util.Arrays;
import java.util.Base64;
import java.util.stream.Stream;

/** The keytool of this JDK, which makes keys and certificates in a directory. */
public record Keytool(Path directory, String password) {

    /** A key, and a certificate that it signs itself: in {@code <name>.p12}, and the latter in {@code <name>.crt}. */
    public void makeKey(String name, String more) throws IOException {
        run("-genkeypair -alias %s -keyalg EC -dname CN=%s %s-validity 2 -keystore %s.p12"
                .formatted(name, name, more.isEmpty() ? "" : more + ' ', name));
        run("-exportcert -rfc -alias %s -file %s.crt -keystore %s.p12".formatted(name, name, name));
    }

    /** The private key, as PEM. */
    public String pem(String name) throws IOException {
        try (var in = Files.newInputStream(directory.resolve(name + ".p12"))) {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(in, password.toCharArray());
            Key key = store.getKey(name, password.toCharArray());
            return "-----BEGIN PRIVATE KEY-----\n"
                    + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key.getEncoded())
                    + "\n-----END PRIVATE KEY-----\n";
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
    }

    /**
     * Runs it.
     *
     * @throws IOException when it fails; the message is what it said
     */
    public void run(String arguments) throws IOException {
        Process keytool = new ProcessBuilder(Stream.concat(
                                Stream.of(Path.of(System.getProperty("java.home"), "bin", "keytool")
                                        .toString()),
                                Arrays.stream((arguments + " -storetype PKCS12 -storepass " + password).split(" ", -1)))
                        .toList())
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .start();
        String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (keytool.waitFor() != 0) {
                throw new IOException(said);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }
}
