package io.ordersync.dev;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.SchemaParser;
import org.apache.avro.util.ClassSecurityValidator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The two questions that reading and writing ask of a registry; it shares no code with the service. */
final class RegistryClient {
    private static final JsonMapper JSON = new JsonMapper();

    private final String url;
    private final HttpClient http = HttpClient.newHttpClient();

    RegistryClient(String url) {
        this.url = url;
    }

    /** Lets Avro make instances of the contract's classes, which it refuses unless told: in this JVM, from now on. */
    static void trustContract() {
        ClassSecurityValidator.setGlobal(ClassSecurityValidator.composite(
                ClassSecurityValidator.DEFAULT, type -> type.getPackageName().equals("io.ordersync.contract")));
    }

    int register(String subject, Schema schema) {
        var body = JSON.writeValueAsString(Map.of("schema", schema.toString()));
        var request = HttpRequest.newBuilder(URI.create(url + "/subjects/" + subject + "/versions"))
                .header("Content-Type", "application/vnd.schemaregistry.v1+json")
                .POST(BodyPublishers.ofString(body));
        return send(request).get("id").asInt();
    }

    Schema schema(int id) {
        var request = HttpRequest.newBuilder(URI.create(url + "/schemas/ids/" + id));
        return SchemaParser.parseSingle(send(request).get("schema").asString());
    }

    private JsonNode send(HttpRequest.Builder request) {
        try {
            var response = http.send(request.build(), BodyHandlers.ofString());
            if (response.statusCode() != 200) {
                throw new IllegalStateException("the registry answered " + response.body());
            }
            return JSON.readTree(response.body());
        } catch (IOException e) {
            throw new UncheckedIOException("the registry at " + url + " cannot be reached", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the registry was asked", e);
        }
    }
}
