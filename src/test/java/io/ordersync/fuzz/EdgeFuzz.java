package io.ordersync.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import io.ordersync.contract.RefundApproved;
import io.ordersync.dev.DevRegistry;
import io.ordersync.domain.Arrival;
import io.ordersync.domain.OrderKey;
import io.ordersync.domain.Rejection;
import io.ordersync.domain.Rejection.Reason;
import io.ordersync.messaging.FactReader;
import io.ordersync.messaging.SchemaRegistry;
import io.ordersync.messaging.Topics;
import io.ordersync.wire.AvroDeserializer;
import java.time.Clock;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.header.internals.RecordHeaders;

/**
 * From bytes to facts, for each topic that is read: a fact of an order that has a key, or a rejection that says why and tells
 * nothing of the content. And the deserializer alone, as clients of others use it.
 */
public final class EdgeFuzz {

    /** As the service is configured when nobody says otherwise. */
    public static final Topics TOPICS = new Topics(
            "refund-approved",
            "shipment-created",
            "refund-closed",
            "shipment-voided",
            "shipment-status",
            "warehouse-lock-results",
            "intercept-results",
            "case-resolutions",
            "warehouse-lock-commands",
            "intercept-shipment-commands",
            "order-alerts",
            "order-cases",
            "order-sync-dead-letters",
            "order-alerts-undelivered");

    private static final Set<Reason> REASONS =
            EnumSet.of(Reason.UNREADABLE, Reason.UNKNOWN_SCHEMA, Reason.INVALID_FIELD);
    private static final Pattern MESSAGE = Pattern.compile("[ -~]{10,200}");

    private static final DevRegistry REGISTRY = new DevRegistry(0);
    private static final Records RECORDS = new Records(REGISTRY);
    private static final Tally TALLY = new Tally();
    private static final FactReader READER = new FactReader(
            new SchemaRegistry(
                    new SchemaRegistry.Settings(
                            "io.ordersync.wire.AvroSerializer",
                            "io.ordersync.wire.AvroDeserializer",
                            Map.of("schema.registry.url", REGISTRY.url())),
                    Clock.systemUTC()),
            TOPICS);
    private static final List<AvroDeserializer> DESERIALIZERS = List.of(
            deserializer(Map.of()),
            deserializer(Map.of("specific.avro.reader", true)),
            deserializer(
                    Map.of("specific.avro.reader", true, "specific.avro.value.type", RefundApproved.class.getName())));

    private static final List<Input> INPUTS = List.of(Input.values());

    private EdgeFuzz() {}

    /** One input: of whom it is read, and as what; then the bytes. */
    public static void fuzzerTestOneInput(byte[] data) {
        Choices choices = new Choices(data);
        Input input = INPUTS.get(choices.below(INPUTS.size()));
        int mode = choices.below(4);
        switch (mode) {
            case 0 -> read(input, choices.bytes(data.length));
            case 1 -> read(input, RECORDS.value(input, choices));
            default -> deserialize(mode == 3, choices, data.length);
        }
    }

    /** Jazzer calls it first: what it takes to get ready is no input's time. */
    public static void fuzzerInitialize() {
        Tally.silence();
    }

    /** Jazzer calls it at the end. */
    public static void fuzzerTearDown() {
        TALLY.write();
    }

    /** Inputs to begin with. */
    public static List<byte[]> seeds() {
        List<byte[]> seeds = new ArrayList<>();
        Random random = new Random(3);
        for (int number = 0; number < INPUTS.size(); number++) {
            for (byte[] value : RECORDS.ordinary(INPUTS.get(number))) {
                seeds.add(seed(number, 0, value));
                seeds.add(seed(number, 2, value));
            }
            seeds.add(seed(number, 1, new byte[60]));
            for (int i = 0; i < 8; i++) {
                byte[] choices = new byte[100];
                random.nextBytes(choices);
                seeds.add(seed(number, 1, choices));
            }
        }
        return seeds;
    }

    static Tally tally() {
        return TALLY;
    }

    private static void read(Input input, byte[] value) {
        Arrival arrival;
        try {
            arrival = READER.read(input.topic(), 0, 0, value);
        } catch (Rejection rejection) {
            assertThat(rejection.reason()).isIn(REASONS);
            assertThat(rejection.getMessage()).matches(MESSAGE);
            TALLY.add(rejection.reason());
            return;
        }
        assertThat(OrderKey.parse(arrival.order().toString())).isEqualTo(arrival.order());
        assertThat(READER.read(input.topic(), 0, 0, value)).isEqualTo(arrival);
        TALLY.add("taken");
    }

    private static void deserialize(boolean inHeader, Choices choices, int length) {
        AvroDeserializer deserializer = choices.of(DESERIALIZERS);
        RecordHeaders headers = new RecordHeaders();
        if (inHeader) {
            headers.add("__value_schema_id", choices.bytes(choices.oneIn(2) ? 17 : 5));
        }
        try {
            assertThat(deserializer.deserialize("topic", headers, choices.bytes(length)))
                    .isNotNull();
            TALLY.add("deserialized");
        } catch (SerializationException e) {
            assertThat(e.getMessage()).matches(MESSAGE);
            TALLY.add("not deserialized");
        }
    }

    private static AvroDeserializer deserializer(Map<String, Object> settings) {
        Map<String, Object> all = new HashMap<>(settings);
        all.put("schema.registry.url", REGISTRY.url());
        all.put("max.retries", 0);
        AvroDeserializer deserializer = new AvroDeserializer();
        deserializer.configure(all, false);
        return deserializer;
    }

    private static byte[] seed(int topic, int mode, byte[] value) {
        byte[] seed = new byte[2 + value.length + (mode < 2 ? 0 : 1)];
        seed[0] = (byte) topic;
        seed[1] = (byte) mode;
        System.arraycopy(value, 0, seed, seed.length - value.length, value.length);
        return seed;
    }
}
