package io.confluent.kafka.serializers;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.util.Map;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.DisconnectException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.ThrottlingQuotaExceededException;
import org.apache.kafka.common.errors.TimeoutException;

/** What both share: the settings they read, the questions, and what they throw of the answers. */
final class StandIn {
    private static final ObjectMapper JSON = new ObjectMapper();
    private final String url;
    private final int connectTimeout;
    private final int readTimeout;

    StandIn(Map<String, ?> configs) {
        url = configs.get("schema.registry.url").toString().split(",")[0];
        connectTimeout = Integer.parseInt(configs.get("http.connect.timeout.ms").toString());
        readTimeout = Integer.parseInt(configs.get("http.read.timeout.ms").toString());
    }

    JsonNode ask(String path, String body) throws IOException, RestClientException {
        HttpURLConnection connection =
                (HttpURLConnection) URI.create(url + path).toURL().openConnection();
        connection.setConnectTimeout(connectTimeout);
        connection.setReadTimeout(readTimeout);
        try {
            if (body != null) {
                connection.setDoOutput(true);
                connection.getOutputStream().write(body.getBytes("UTF-8"));
            }
            int status = connection.getResponseCode();
            if (status == 200) {
                try (InputStream in = connection.getInputStream()) {
                    JsonNode answer = JSON.readTree(in);
                    if (answer.isMissingNode()) {
                        throw new IOException("No content to map due to end-of-input");
                    }
                    return answer;
                }
            }
            int code = 50005;
            String message = "Error";
            try (InputStream in = connection.getErrorStream()) {
                if (in != null) {
                    JsonNode error = JSON.readTree(in);
                    code = error.path("error_code").asInt(0);
                    message = error.path("message").asText();
                }
            } catch (JsonProcessingException e) {
                message = "Unable to parse error message from schema registry";
            }
            throw new RestClientException(message, status, code);
        } finally {
            connection.disconnect();
        }
    }

    static KafkaException failure(String message, Exception cause) {
        if (cause instanceof InterruptedIOException) {
            return new TimeoutException(message, cause);
        }
        if (!(cause instanceof RestClientException answer)) {
            return new SerializationException(message, cause);
        }
        return switch (answer.getStatus()) {
            case 401 -> new AuthenticationException(message, cause);
            case 403 -> new AuthorizationException(message, cause);
            case 429 -> new ThrottlingQuotaExceededException(cause.getMessage());
            case 408, 500, 503, 504 -> new TimeoutException(message, cause);
            case 502 -> new DisconnectException(message, cause);
            default -> new SerializationException(message, cause);
        };
    }

    static String quoted(String text) throws IOException {
        return JSON.writeValueAsString(text);
    }
}
