package io.ordersync.messaging;

import io.ordersync.domain.Rejection;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Confluent's REST API, as far as it is needed. Each call asks the base URLs in their order, each once, until one answers.
 *
 * @see SchemaRegistry what the calls mean, and what they throw: here RegistryUnavailable comes at once
 */
final class RegistryClient implements AutoCloseable {

    private static final String MEDIA_TYPE = "application/vnd.schemaregistry.v1+json";
    private static final JsonMapper JSON = JsonMapper.shared();

    private final SchemaRegistry.Settings settings;
    private final HttpClient http;

    RegistryClient(SchemaRegistry.Settings settings) {
        this.settings = settings;
        // Over plain HTTP the client would else ask to change to HTTP/2, which not every proxy understands.
        http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(settings.connectTimeout())
                .build();
    }

    Schema byId(int id) {
        return firstAnswer("/schemas/ids/" + id, null, answer -> {
            // Without an error code it is not the registry that found nothing, but something before it.
            if (answer.status == 404 && answer.errorCode() != 0) {
                throw new Rejection(Rejection.Reason.UNKNOWN_SCHEMA, "the registry knows no schema " + id);
            }
            JsonNode schema = answer.body.path("schema");
            if (answer.status != 200 || !schema.isString()) {
                throw answer.unexpected();
            }
            try {
                // A writer's defaults are of no use to a reader: a wrong one is no reason to refuse its records.
                return new Schema.Parser().setValidateDefaults(false).parse(schema.stringValue());
            } catch (AvroRuntimeException e) {
                throw new Rejection(Rejection.Reason.UNKNOWN_SCHEMA, "schema " + id + " is not Avro", e);
            }
        });
    }

    int idOf(String subject, Schema schema) {
        String path = "/subjects/" + subject + (settings.autoRegister() ? "/versions" : "");
        String question = JSON.writeValueAsString(Map.of("schema", schema.toString()));
        return firstAnswer(path, question, answer -> {
            boolean refused = answer.status == 404 || answer.status == 409 || answer.status == 422;
            if (refused && answer.errorCode() != 404) {
                throw new IllegalStateException("the schema registry refuses the schema of " + subject + ": "
                        + answer.body.path("message").asString(""));
            }
            JsonNode id = answer.body.path("id");
            if (answer.status != 200 || !id.isInt()) {
                throw answer.unexpected();
            }
            return id.intValue();
        });
    }

    /** Fails what is under way, and all that is asked later. */
    @Override
    public void close() {
        http.shutdownNow();
    }

    private <T> T firstAnswer(String path, @Nullable String body, Function<Answer, T> reading) {
        RegistryUnavailable failure = null;
        for (URI url : settings.urls()) {
            try {
                return reading.apply(ask(url, path, body));
            } catch (RegistryUnavailable e) {
                failure = e;
            }
        }
        throw Objects.requireNonNull(failure, "a URL at least");
    }

    private Answer ask(URI url, String path, @Nullable String body) {
        String base = url.toString();
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create((base.endsWith("/") ? base.substring(0, base.length() - 1) : base) + path))
                .header("Accept", MEDIA_TYPE + ", application/json")
                .timeout(settings.readTimeout());
        if (body != null) {
            request.header("Content-Type", MEDIA_TYPE).POST(BodyPublishers.ofString(body));
        }
        if (settings.userInfo() != null) {
            byte[] user = settings.userInfo().getBytes(StandardCharsets.UTF_8);
            request.header("Authorization", "Basic " + Base64.getEncoder().encodeToString(user));
        }
        CompletableFuture<HttpResponse<String>> response = http.sendAsync(request.build(), BodyHandlers.ofString());
        try {
            // The request's own timeout ends with the headers; a body that never ends would hold the thread for good.
            return Answer.of(url, response.get(settings.readTimeout().toMillis(), TimeUnit.MILLISECONDS));
        } catch (ExecutionException | TimeoutException e) {
            throw new RegistryUnavailable(url.getHost() + " does not answer", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RegistryUnavailable("interrupted while asking " + url.getHost(), e);
        } finally {
            response.cancel(true);
        }
    }

    private record Answer(URI url, int status, JsonNode body) {

        static Answer of(URI url, HttpResponse<String> response) {
            try {
                return new Answer(url, response.statusCode(), JSON.readTree(response.body()));
            } catch (JacksonException e) {
                throw new RegistryUnavailable(
                        url.getHost() + " answers " + response.statusCode() + " and no JSON: not a registry's answer",
                        e);
            }
        }

        int errorCode() {
            return body.path("error_code").asInt(0);
        }

        RegistryUnavailable unexpected() {
            return new RegistryUnavailable(
                    url.getHost() + " answers " + status + ", error code " + errorCode() + ": not what was asked for");
        }
    }
}
