package io.ordersync.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ordersync.contract.OrderAlert;
import io.ordersync.contract.RefundApproved;
import io.ordersync.domain.Rejection;
import io.ordersync.messaging.RegistryStub.Mood;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(20)
class AskingTheRegistryTest {

    private RegistryStub registry;

    @BeforeEach
    void start() throws IOException {
        registry = new RegistryStub();
        registry.has(7, RefundApproved.SCHEMA$);
    }

    @AfterEach
    void stop() {
        registry.close();
    }

    @Test
    void asksForAnIdOnce() {
        try (SchemaRegistry client = registry.client()) {
            assertThat(client.byId(7)).isEqualTo(RefundApproved.SCHEMA$);
            assertThat(client.byId(7)).isSameAs(client.byId(7));
        }
        assertThat(registry.asked).containsExactly("GET /schemas/ids/7 null");
    }

    @ParameterizedTest
    @EnumSource(
            value = Mood.class,
            names = {"HANGS_UP", "FAILS", "TALKS_NONSENSE", "STOPS_HALFWAY"})
    void asksTheNextUrlWhenTheFirstIsOfNoUse(Mood mood) throws IOException {
        try (RegistryStub first = new RegistryStub();
                SchemaRegistry client = RegistryStub.client(null, true, first.url(), registry.url())) {
            first.mood = mood;

            assertThat(client.byId(7)).isEqualTo(RefundApproved.SCHEMA$);
            assertThat(client.waitingSince()).isEmpty();
            assertThat(first.asked).isNotEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/apis/ccompat/v7", "/apis/ccompat/v7/"})
    void keepsThePathOfTheUrl(String path) {
        registry.answers("GET /apis/ccompat/v7/schemas/ids/7", "200{\"schema\":\"\\\"string\\\"\"}");
        try (SchemaRegistry client =
                RegistryStub.client(null, true, registry.url().resolve(path))) {
            assertThat(client.byId(7).getType()).isEqualTo(org.apache.avro.Schema.Type.STRING);
        }
    }

    @Test
    void saysWhoItIs() {
        try (SchemaRegistry client = RegistryStub.client("order-sync:geheim", true, registry.url())) {
            client.byId(7);
        }
        assertThat(registry.asked)
                .containsExactly("GET /schemas/ids/7 Basic "
                        + Base64.getEncoder().encodeToString("order-sync:geheim".getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void tellsNobodyThePassword() {
        var settings = new SchemaRegistry.Settings(
                List.of(URI.create("http://registry:8081")), "order-sync:geheim", Duration.ZERO, Duration.ZERO, true);

        assertThat(settings).asString().contains("registry:8081").doesNotContain("geheim");
    }

    @Test
    void needsAUrl() {
        assertThatIllegalArgumentException().isThrownBy(() -> RegistryStub.client(null, true));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "404{\"error_code\":40403,\"message\":\"Schema not found\"}",
                "404{\"error_code\":404,\"message\":\"not found\"}",
                "404{\"error_code\":40401,\"message\":\"not found\"}",
                "200{\"schemaType\":\"PROTOBUF\",\"schema\":\"syntax = \\\"proto3\\\";\"}"
            })
    void rejectsAnIdThatIsNoAvroSchemas(String answer) {
        registry.answers("GET /schemas/ids/9", answer);
        try (SchemaRegistry client = registry.client()) {
            assertThatThrownBy(() -> client.byId(9))
                    .isInstanceOfSatisfying(
                            Rejection.class,
                            rejection -> assertThat(rejection.reason()).isEqualTo(Rejection.Reason.UNKNOWN_SCHEMA))
                    .hasMessageContaining("schema 9");
        }
    }

    @Test
    void asksAgainForAnIdThatWasUnknown() {
        try (SchemaRegistry client = registry.client()) {
            assertThatThrownBy(() -> client.byId(9)).isInstanceOf(Rejection.class);
            registry.has(9, OrderAlert.SCHEMA$);
            assertThat(client.byId(9)).isEqualTo(OrderAlert.SCHEMA$);
        }
    }

    @Test
    void onlyLooksUpWhereItMayNotRegister() {
        registry.answers(
                "POST /subjects/order-alerts-value", "200{\"subject\":\"order-alerts-value\",\"version\":1,\"id\":12}");
        try (SchemaRegistry client = RegistryStub.client(null, false, registry.url())) {
            assertThat(client.idOf("order-alerts-value", OrderAlert.SCHEMA$)).isEqualTo(12);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "409{\"error_code\":409,\"message\":\"incompatible\"}",
                "422{\"error_code\":42201,\"message\":\"Invalid schema\"}",
                "404{\"error_code\":40403,\"message\":\"Schema not found\"}",
                "404{\"error_code\":40401,\"message\":\"Subject not found\"}"
            })
    void givesUpOnASchemaTheRegistryRefuses(String answer) {
        registry.answers("POST /subjects/order-alerts-value/versions", answer);
        String message = answer.substring(answer.indexOf("message") + 10, answer.length() - 2);
        try (SchemaRegistry client = registry.client()) {
            assertThatThrownBy(() -> client.idOf("order-alerts-value", OrderAlert.SCHEMA$))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("the schema registry refuses the schema of order-alerts-value: " + message);
        }
    }

    @Test
    void tellsAsJsonWhatItAsks() {
        assertThat(RegistryStub.json(Map.of("schema", "\"string\""))).isEqualTo("{\"schema\":\"\\\"string\\\"\"}");
        try (SchemaRegistry client = registry.client()) {
            assertThat(client.idOf("order-alerts-value", OrderAlert.SCHEMA$)).isEqualTo(101);
        }
        assertThat(registry.registered)
                .containsEntry("POST /subjects/order-alerts-value/versions", OrderAlert.SCHEMA$.toString());
    }
}
