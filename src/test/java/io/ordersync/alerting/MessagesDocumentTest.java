package io.ordersync.alerting;

import static org.assertj.core.api.Assertions.assertThat;

import io.ordersync.contract.AlertCode;
import io.ordersync.contract.AlertSeverity;
import io.ordersync.contract.Certainty;
import io.ordersync.contract.CollateralLine;
import io.ordersync.contract.OrderAlert;
import io.ordersync.contract.RecommendedAction;
import io.ordersync.vendors.Vendor;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Three alerts and a digest in each channel's form, as {@code docs/messages.md} shows them. Written anew with {@code
 * -Dmessages.write=true}.
 */
class MessagesDocumentTest {

    private static final Path DOCUMENT = Path.of("docs/messages.md");
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private static final OrderAlert RACE = Told.race("6920111").build();
    private static final OrderAlert FAILED = Told.race("6920222")
            .setCode(AlertCode.INTERCEPT_FAILED)
            .setSeverity(AlertSeverity.CRITICAL)
            .setExposureMinor(1_299_900L)
            .setRecommendedAction(RecommendedAction.REVIEW)
            .build();
    private static final OrderAlert MIXED = Told.race("6920333")
            .setCode(AlertCode.MIXED_PARCEL)
            .setCertainty(Certainty.SUSPECTED)
            .setExposureMinor(null)
            .setCurrency(null)
            .setCollateral(List.of(new CollateralLine("6920333", "L2", "SKU-9", 1)))
            .setRecommendedAction(RecommendedAction.REVIEW)
            .build();

    @Test
    void showsWhatIsSent() throws IOException {
        String document = document();
        if (Boolean.getBoolean("messages.write")) {
            Files.writeString(DOCUMENT, document);
        }
        assertThat(Files.readString(DOCUMENT)).isEqualTo(document);
    }

    private static String document() {
        StringBuilder text = new StringBuilder("""
                # Messages

                What the relay sends for three alerts, one that no longer holds, and a group of 250, in each channel's form. A test
                holds this page to what is sent (`MessagesDocumentTest`).
                """);
        for (ChannelKind kind : ChannelKind.values()) {
            text.append("\n## ").append(kind.name().toLowerCase(Locale.ROOT)).append('\n');
            Channel channel = kind.channel(Settings.of(
                    kind,
                    URI.create("https://vendor.example/"),
                    kind == ChannelKind.WEBHOOK ? Vendor.WEBHOOK_SECRET : "the-secret",
                    kind.language()));
            Stream.of(letter(1, RACE), letter(2, FAILED), letter(3, MIXED), letter(4, Told.resolved(RACE)))
                    .forEach(letter -> append(text, channel, letter));
            if (channel.shape().equals(Shape.CHAT)) {
                append(
                        text,
                        channel,
                        Told.letter(IntStream.range(0, 250)
                                .mapToObj(i -> i % 50 == 0
                                        ? Told.resolved(Told.race("6930" + i).build())
                                        : OrderAlert.newBuilder(i % 10 == 0 ? FAILED : RACE)
                                                .setAlertId("alert-" + i)
                                                .setSeverity(AlertSeverity.HIGH)
                                                .setOrderId("6930" + i)
                                                .setShipmentIds(List.of("S-6930" + i))
                                                .build())
                                .toArray(OrderAlert[]::new)));
            }
        }
        return text.toString();
    }

    private static Letter letter(long offset, OrderAlert alert) {
        return new Letter("WH-HZ-1", List.of(Told.entry(offset, alert)));
    }

    private static void append(StringBuilder text, Channel channel, Letter letter) {
        String body = channel.request(letter, Told.NOON).body();
        String readable = JSON.writeValueAsString(JSON.readTree(body));
        List<String> lines = readable.lines().toList();
        text.append("\n```json\n");
        lines.stream()
                .map(MessagesDocumentTest::shortened)
                .forEach(line -> text.append(line).append('\n'));
        text.append("```\n");
    }

    /** A digest fills the message: its head shows enough. */
    private static String shortened(String line) {
        return line.length() > 1_500 ? line.substring(0, 1_000) + " […] " + line.substring(line.length() - 120) : line;
    }
}
