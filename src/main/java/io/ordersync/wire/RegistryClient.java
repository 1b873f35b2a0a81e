package io.ordersync.wire;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import javax.net.ssl.SSLContext;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.kafka.common.errors.SerializationException;
import org.jspecify.annotations.Nullable;

/**
 * Confluent's REST API, as far as it is needed. A question goes to the base URLs in their order until one answers, and again
 * after a pause, as often as configured. Keeps nothing. Safe for several threads.
 */
final class RegistryClient implements AutoCloseable {

    /** A registry keeps its schemas in records of Kafka's, which has none larger than 1 MiB by default. */
    static final int LARGEST_ANSWER = 4 << 20;

    private static final String MEDIA_TYPE = "application/vnd.schemaregistry.v1+json";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final List<URI> urls;
    private final Credentials credentials;
    private final @Nullable SSLContext tls;
    private final Duration connectTimeout;
    private final Duration wholeTimeout;
    private final int retries;
    private final long firstPauseMs;
    private final long longestPauseMs;
    private final String normalize;
    private final CountDownLatch closed = new CountDownLatch(1);
    private @Nullable HttpClient http;

    /** A schema, and the id under which the registry has it. */
    record Registered(int id, Schema schema) {}

    /** Asks nothing yet. */
    RegistryClient(WireConfig config) {
        urls = config.urls();
        credentials = new Credentials(config);
        tls = Tls.context(config);
        connectTimeout = config.millis(WireConfig.CONNECT_TIMEOUT);
        wholeTimeout = connectTimeout.plus(config.millis(WireConfig.READ_TIMEOUT));
        retries = config.getInt(WireConfig.MAX_RETRIES);
        firstPauseMs = config.getInt(WireConfig.RETRIES_WAIT);
        longestPauseMs = config.getInt(WireConfig.RETRIES_MAX_WAIT);
        normalize = config.getBoolean(WireConfig.NORMALIZE) ? "?normalize=true" : "";
    }

    /**
     * The schema of an id or GUID.
     *
     * @throws UnknownSchemaException when the registry knows none, or one that is not Avro
     * @throws RegistryUnavailableException when it can't be asked
     */
    Schema schema(Object id) {
        return answer("/schemas/" + (id instanceof UUID ? "guids/" : "ids/") + id, null, answer -> {
            // Without an error code it is not the registry that found nothing, but something before it. Unless it has
            // no
            // such path: not every registry knows GUIDs, and who waits for one that doesn't waits for ever.
            if (answer.status == 404 && (answer.errorCode() != 0 || (id instanceof UUID && answer.isEmpty()))) {
                throw new UnknownSchemaException("the registry knows no schema " + id);
            }
            return answer.schema(id);
        });
    }

    /**
     * The id of a schema under a subject.
     *
     * @param register registered first if the registry does not have it yet; else it must be there
     * @throws SerializationException when the registry refuses the schema, or does not know it
     * @throws RegistryUnavailableException when it can't be asked
     */
    int idOf(String subject, Schema schema, boolean register) {
        String question =
                JSON.createObjectNode().put("schema", schema.toString()).toString();
        String path = "/subjects/" + segment(subject) + (register ? "/versions" : "") + normalize;
        return answer(path, question, answer -> answer.orRefusal(subject).id());
    }

    /**
     * The latest schema of a subject.
     *
     * @throws SerializationException when there is none
     * @throws RegistryUnavailableException when it can't be asked
     */
    Registered latest(String subject) {
        return answer("/subjects/" + segment(subject) + "/versions/latest", null, answer -> {
            int id = answer.orRefusal(subject).id();
            return new Registered(id, answer.schema(id));
        });
    }

    /** Fails what is under way, and all that is asked later. */
    @Override
    public synchronized void close() {
        closed.countDown();
        if (http != null) {
            http.shutdownNow();
        }
    }

    private static String segment(String subject) {
        return URLEncoder.encode(subject, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private <T> T answer(String path, @Nullable String body, Function<Answer, T> reading) {
        long pauseMs = firstPauseMs;
        for (int retry = 0; ; retry++) {
            try {
                return firstAnswer(path, body, reading);
            } catch (RegistryUnavailableException e) {
                if (retry >= retries || Thread.currentThread().isInterrupted() || closedWithin(pauseMs)) {
                    throw e;
                }
            }
            pauseMs = Math.min(2 * pauseMs, longestPauseMs);
        }
    }

    /** Half of the pause is drawn, so that those who wait do not all ask at once. */
    private boolean closedWithin(long pauseMs) {
        long atMost = Math.min(pauseMs, longestPauseMs);
        try {
            return closed.await(
                    atMost / 2 + ThreadLocalRandom.current().nextLong(atMost / 2 + 1), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    private <T> T firstAnswer(String path, @Nullable String body, Function<Answer, T> reading) {
        RegistryUnavailableException failure = null;
        for (URI url : urls) {
            try {
                return reading.apply(ask(url, path, body));
            } catch (RegistryUnavailableException e) {
                failure = e;
            }
        }
        throw Objects.requireNonNull(failure, "a URL at least");
    }

    private Answer ask(URI url, String path, @Nullable String question) {
        String who = url.getHost() + (url.getPort() < 0 ? "" : ":" + url.getPort());
        String base = url.getScheme() + "://" + who + Objects.requireNonNullElse(url.getRawPath(), "");
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create((base.endsWith("/") ? base.substring(0, base.length() - 1) : base) + path))
                .header("Accept", MEDIA_TYPE + ", application/json")
                .timeout(wholeTimeout);
        if (question != null) {
            request.header("Content-Type", MEDIA_TYPE).POST(BodyPublishers.ofString(question));
        }
        credentials.headersFor(url).forEach(request::setHeader);
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        CompletableFuture<HttpResponse<Void>> response = client().sendAsync(
                        request.build(),
                        BodyHandlers.ofByteArrayConsumer(part -> part.ifPresent(bytes -> {
                            // What is too large is not kept, but read: so that the status of it is known.
                            if (body.size() <= LARGEST_ANSWER) {
                                body.writeBytes(bytes);
                            }
                        })));
        try {
            // The request's own timeout ends with the headers; a body that never ends would hold the thread for good.
            int status =
                    response.get(wholeTimeout.toMillis(), TimeUnit.MILLISECONDS).statusCode();
            return new Answer(who, status, body.toByteArray());
        } catch (ExecutionException | TimeoutException e) {
            throw new RegistryUnavailableException(who + " does not answer", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RegistryUnavailableException("interrupted while asking " + who, e);
        } finally {
            response.cancel(true);
        }
    }

    /** Made when it is needed first: it has threads of its own. */
    private synchronized HttpClient client() {
        if (closed.getCount() == 0) {
            throw new RegistryUnavailableException("closed: the schema registry is asked no more");
        }
        if (http == null) {
            // Over plain HTTP the client would else ask to change to HTTP/2, which not every proxy understands.
            HttpClient.Builder builder =
                    HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(connectTimeout);
            http = (tls == null ? builder : builder.sslContext(tls)).build();
        }
        return http;
    }

    private static final class Answer {

        private final String who;
        private final int status;
        private final boolean tooLarge;
        private final JsonNode body;

        Answer(String who, int status, byte[] bytes) {
            this.who = who;
            this.status = status;
            this.tooLarge = bytes.length > LARGEST_ANSWER;
            this.body = tooLarge ? JsonNodeFactory.instance.objectNode() : parse(bytes);
        }

        private JsonNode parse(byte[] bytes) {
            try {
                return JSON.readTree(bytes);
            } catch (JsonProcessingException e) {
                throw new RegistryUnavailableException(
                        who + " answers " + status + " and no JSON: not a registry's answer", e);
            } catch (IOException e) {
                throw new RegistryUnavailableException(who + " answers " + status + " and what can't be read", e);
            }
        }

        int errorCode() {
            return body.path("error_code").asInt(0);
        }

        boolean isEmpty() {
            return body.isMissingNode();
        }

        Answer orRefusal(String subject) {
            boolean notFound = status == 404 && errorCode() != 0 && errorCode() != 404;
            if (notFound || status == 409 || status == 422) {
                throw new SerializationException("the schema registry refuses the schema of " + subject + ": "
                        + body.path("message").asText(""));
            }
            return this;
        }

        int id() {
            JsonNode id = body.path("id");
            if (status != 200 || !id.isInt()) {
                throw unexpected();
            }
            return id.intValue();
        }

        Schema schema(Object id) {
            if (status == 200 && tooLarge) {
                throw new UnknownSchemaException("schema " + id + " is larger than " + LARGEST_ANSWER + " bytes");
            }
            if (status != 200 || !body.path("schema").isTextual()) {
                throw unexpected();
            }
            if (!body.path("schemaType").asText("AVRO").equals("AVRO")) {
                throw new UnknownSchemaException("schema " + id + " is not Avro");
            }
            if (!body.path("references").isEmpty()) {
                throw new UnknownSchemaException("schema " + id + " refers to others, and such can't be read here");
            }
            try {
                // A writer's defaults are of no use to a reader: a wrong one is no reason to refuse its records.
                return new Schema.Parser()
                        .setValidateDefaults(false)
                        .parse(body.path("schema").textValue());
            } catch (AvroRuntimeException | StackOverflowError e) {
                throw new UnknownSchemaException("schema " + id + " is not Avro", e);
            }
        }

        RegistryUnavailableException unexpected() {
            return new RegistryUnavailableException(
                    who + " answers " + status + ", error code " + errorCode() + ": not what was asked for");
        }
    }

    /** {@code schema} without what concerns only the classes that Avro generated of it. */
    static Schema published(Schema schema) {
        try {
            JsonNode json = JSON.readTree(schema.toString());
            json.findParents("avro.java.string").forEach(type -> ((ObjectNode) type).remove("avro.java.string"));
            return new Schema.Parser().parse(json.toString());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Avro writes a schema as JSON", e);
        }
    }
}
