package io.ordersync;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a service says of its health, to whoever asks over HTTP. */
final class Health {

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final String url;

    Health(String port) {
        url = "http://localhost:" + port + "/actuator/health";
    }

    static Health of(ConfigurableApplicationContext service) {
        return new Health(service.getEnvironment().getRequiredProperty("local.server.port"));
    }

    /** UP, or what else is said of a component or a group, such as {@code /readiness}; none while nobody answers. */
    String status(String component) {
        return answer(component).path("status").asString("none");
    }

    JsonNode answer(String component) {
        try {
            return JsonMapper.shared()
                    .readTree(HTTP.send(
                                    HttpRequest.newBuilder(URI.create(url + component))
                                            .build(),
                                    BodyHandlers.ofString())
                            .body());
        } catch (IOException e) {
            return JsonMapper.shared().missingNode();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
