package io.ordersync.dev;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class DevRegistryTest {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String SMALL = record("");
    private static final String OPTIONAL = record(", {\"name\": \"b\", \"type\": \"int\", \"default\": 0}");
    private static final String REQUIRED = record(", {\"name\": \"b\", \"type\": \"int\"}");

    private final DevRegistry registry = new DevRegistry(0);
    private final HttpClient http = HttpClient.newHttpClient();

    @AfterEach
    void close() {
        http.close();
        registry.close();
    }

    @Test
    void givesTheSameSchemaTheSameIdInEverySubject() throws Exception {
        assertThat(register("a-value", SMALL)).isEqualTo(json("{'id': 1}"));
        assertThat(register("a-value", OPTIONAL)).isEqualTo(json("{'id': 2}"));
        assertThat(register("b-value", OPTIONAL)).isEqualTo(json("{'id': 2}"));
        assertThat(register("a-value", SMALL.replace(" ", ""))).isEqualTo(json("{'id': 1}"));

        assertThat(get("/subjects")).isEqualTo(json("['a-value', 'b-value']"));
        assertThat(get("/subjects/a-value/versions")).isEqualTo(json("[1, 2]"));
        assertThat(get("/schemas/ids/2/versions"))
                .isEqualTo(json("[{'subject': 'a-value', 'version': 2}, {'subject': 'b-value', 'version': 1}]"));
    }

    @Test
    void findsSchemasByIdByVersionAndByText() throws Exception {
        register("a-value", SMALL);
        register("a-value", OPTIONAL);

        assertThat(JSON.readTree(get("/schemas/ids/1").get("schema").asString()))
                .isEqualTo(JSON.readTree(SMALL));
        var latest = get("/subjects/a-value/versions/latest");
        assertThat(latest.get("version").asInt()).isEqualTo(2);
        assertThat(JSON.readTree(latest.get("schema").asString())).isEqualTo(JSON.readTree(OPTIONAL));
        assertThat(get("/subjects/a-value/versions/2")).isEqualTo(latest);
        assertThat(send("POST", "/subjects/a-value", schema(OPTIONAL)).body())
                .isEqualTo(JSON.writeValueAsString(latest));
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /schemas/ids/9, 404, 40403",
        "GET, /subjects/none/versions, 404, 40401",
        "GET, /subjects/none/versions/latest, 404, 40401",
        "GET, /subjects/known/versions/9, 404, 40402",
        "GET, /subjects/known/versions/x, 422, 42202",
        "POST, /subjects/none, 404, 40401",
        "POST, /subjects/known, 404, 40403",
        "POST, /compatibility/subjects/known/versions/9, 404, 40402",
        "GET, /config/known, 404, 40408",
        "PUT, /config, 422, 42203",
        "DELETE, /subjects, 405, 405",
        "GET, /nothing, 404, 404"
    })
    void answersWithConfluentsErrorCodes(String method, String path, int status, int code) throws Exception {
        register("known", SMALL);

        var response = send(method, path, schema(OPTIONAL));

        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(response.headers().firstValue("Content-Type")).hasValue("application/vnd.schemaregistry.v1+json");
        var body = JSON.readTree(response.body());
        assertThat(body.get("error_code").asInt()).isEqualTo(code);
        assertThat(body.get("message").asString()).isNotBlank();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{",
                "\"none\"",
                "{\"type\": \"record\", \"name\": \"x\"}",
                "{\"type\": \"array\", \"items\": \"none\"}",
                "''"
            })
    void refusesWhatIsNoSchema(String text) throws Exception {
        var response = send("POST", "/subjects/a-value/versions", schema(text));

        assertThat(response.statusCode()).as(response.body()).isEqualTo(422);
        assertThat(JSON.readTree(response.body()).get("error_code").asInt()).isEqualTo(42201);
    }

    /** Small lacks b; optional has b with a default; required has b without one. The levels that allow the step are named. */
    @ParameterizedTest
    @CsvSource({
        "small to optional, BACKWARD BACKWARD_TRANSITIVE FORWARD FORWARD_TRANSITIVE FULL FULL_TRANSITIVE NONE",
        "small to required, FORWARD FORWARD_TRANSITIVE NONE",
        "required to small, BACKWARD BACKWARD_TRANSITIVE NONE",
        "small optional to required, BACKWARD FORWARD FORWARD_TRANSITIVE FULL NONE"
    })
    void checksEachLevel(String steps, String allowed) throws Exception {
        for (var level : Subjects.Level.values()) {
            var subject = "subject-" + level;
            for (var earlier : steps.split(" to ", -1)[0].split(" ", -1)) {
                register(subject, named(earlier));
            }
            send("PUT", "/config/" + subject, "{\"compatibility\": \"" + level + "\"}");

            var last = schema(named(steps.split(" to ", -1)[1]));
            int status =
                    send("POST", "/subjects/" + subject + "/versions", last).statusCode();

            assertThat(status)
                    .as(level.name())
                    .isEqualTo(List.of(allowed.split(" ", -1)).contains(level.name()) ? 200 : 409);
        }
    }

    @Test
    void tellsWhetherASchemaWouldBeTakenWithoutTakingIt() throws Exception {
        register("a-value", SMALL);
        var path = "/compatibility/subjects/a-value/versions/latest";

        assertThat(send("POST", path, schema(OPTIONAL)).body()).isEqualTo("{\"is_compatible\":true}");
        assertThat(send("POST", path, schema(REQUIRED)).body()).isEqualTo("{\"is_compatible\":false}");
        assertThat(send("POST", path + "?verbose=true", schema(REQUIRED)).body())
                .contains("READER_FIELD_MISSING_DEFAULT");
        assertThat(send("POST", "/compatibility/subjects/new/versions/latest", schema(REQUIRED))
                        .body())
                .isEqualTo("{\"is_compatible\":true}");
        assertThat(get("/subjects/a-value/versions")).isEqualTo(json("[1]"));
    }

    @Test
    void refusesALostEnumSymbolThatHasNoDefault() throws Exception {
        register("a-value", "{\"type\": \"enum\", \"name\": \"E\", \"symbols\": [\"X\", \"Y\"]}");

        var lost = schema("{\"type\": \"enum\", \"name\": \"E\", \"symbols\": [\"X\"]}");

        assertThat(send("POST", "/subjects/a-value/versions", lost).statusCode())
                .isEqualTo(409);
    }

    @Test
    void keepsTheGlobalLevelWhereASubjectHasNone() throws Exception {
        assertThat(get("/config")).isEqualTo(json("{'compatibilityLevel': 'BACKWARD'}"));
        assertThat(send("PUT", "/config", "{\"compatibility\": \"FULL\"}").body())
                .isEqualTo("{\"compatibility\":\"FULL\"}");
        assertThat(get("/config/a-value?defaultToGlobal=true")).isEqualTo(json("{'compatibilityLevel': 'FULL'}"));
        send("PUT", "/config/a-value", "{\"compatibility\": \"NONE\"}");
        assertThat(get("/config/a-value")).isEqualTo(json("{'compatibilityLevel': 'NONE'}"));
    }

    @Test
    void saysWhichPortIsTaken() {
        int taken = URI.create(registry.url()).getPort();

        assertThatThrownBy(() -> new DevRegistry(taken).close())
                .isInstanceOf(UncheckedIOException.class)
                .hasMessage("port " + taken + " on localhost is taken: is another registry running?");
    }

    private static String named(String name) {
        return switch (name) {
            case "small" -> SMALL;
            case "optional" -> OPTIONAL;
            default -> REQUIRED;
        };
    }

    private JsonNode register(String subject, String schema) throws Exception {
        return JSON.readTree(send("POST", "/subjects/" + subject + "/versions", schema(schema))
                .body());
    }

    private JsonNode get(String path) throws Exception {
        return JSON.readTree(send("GET", path, "").body());
    }

    private HttpResponse<String> send(String method, String path, String body) throws Exception {
        var request =
                HttpRequest.newBuilder(URI.create(registry.url() + path)).method(method, BodyPublishers.ofString(body));
        return http.send(request.build(), BodyHandlers.ofString());
    }

    private static String schema(String schema) {
        return JSON.writeValueAsString(Map.of("schema", schema));
    }

    private static JsonNode json(String text) {
        return JSON.readTree(text.replace('\'', '"'));
    }

    private static String record(String moreFields) {
        return "{\"type\": \"record\", \"name\": \"R\", \"fields\": [{\"name\": \"a\", \"type\": \"string\"}"
                + moreFields + "]}";
    }
}
