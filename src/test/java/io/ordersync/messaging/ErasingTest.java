package io.ordersync.messaging;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ordersync.domain.OrderKey;
import io.ordersync.domain.Rejection;
import io.ordersync.wire.RegistryStub;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Scenario 85: a record without a value on case-resolutions asks to forget the order that is its key. */
class ErasingTest {

    private RegistryStub registry;
    private SchemaRegistry client;
    private FactReader reader;

    @BeforeEach
    void start() throws IOException {
        registry = new RegistryStub();
        client = Wire.client(registry);
        reader = new FactReader(client, Wire.TOPICS);
    }

    @AfterEach
    void stop() {
        client.close();
        registry.close();
    }

    @ParameterizedTest
    @CsvSource({"DOUYIN, shop-1, O1", "TAOBAO, 'shop:1', '100%'", "DOUYIN, '店|@*', 订单"})
    void forgetsTheOrderWhoseKeyItIs(String platform, String shopId, String orderId) {
        OrderKey order = new OrderKey(platform, shopId, orderId);

        assertThat(reader.erasureOf("case-resolutions", order.toString().getBytes(UTF_8)))
                .isEqualTo(order);
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(
            strings = {
                "",
                "O1",
                "DOUYIN:shop-1",
                "DOUYIN:shop-1:O1:2",
                "DOUYIN:shop-1:",
                "DOUYIN: :O1",
                "douyin:shop-1:O1",
                "DOUYIN:shop-1: O1",
                "DOUYIN:shop%3a1:O1",
                "DOUYIN:shop-1:100%"
            })
    void rejectsAKeyThatIsNoOrders(@Nullable String key) {
        assertRejected(key == null ? null : key.getBytes(UTF_8));
    }

    @Test
    void rejectsAKeyThatIsNoText() {
        assertRejected("DOUYIN:shop-1:\u00fc".getBytes(ISO_8859_1));
    }

    @Test
    void forgetsNothingByWayOfAnotherTopic() {
        byte[] key = "DOUYIN:shop-1:O1".getBytes(UTF_8);

        assertThat(reader.erasureOf("refund-approved", key)).isNull();
        assertThat(reader.erasureOf("refund-closed", null)).isNull();
    }

    @Test
    void goesByTheNameTheTopicIsGiven() {
        byte[] key = "DOUYIN:shop-1:O1".getBytes(UTF_8);
        var renamed = new FactReader(
                client, new Topics("a", "b", "", "", "", "", "", "decisions", "c", "d", "e", "f", "g", "h"));
        var absent = new FactReader(client, new Topics("a", "b", "", "", "", "", "", "", "c", "d", "e", "f", "g", "h"));

        assertThat(renamed.erasureOf("decisions", key)).isEqualTo(new OrderKey("DOUYIN", "shop-1", "O1"));
        // What is no input, by which a stray may have come, may have asked for it.
        for (FactReader other : List.of(renamed, absent)) {
            assertThatThrownBy(() -> Objects.requireNonNull(other.erasureOf("case-resolutions", key)))
                    .isInstanceOf(Rejection.class);
        }
    }

    private void assertRejected(byte @Nullable [] key) {
        assertThatThrownBy(() -> Objects.requireNonNull(reader.erasureOf("case-resolutions", key)))
                .isInstanceOfSatisfying(
                        Rejection.class,
                        rejection -> assertThat(rejection.reason()).isEqualTo(Rejection.Reason.INVALID_FIELD))
                .hasMessage("key is no order key");
    }
}
