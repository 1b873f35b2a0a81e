package io.ordersync.fuzz;

import io.ordersync.contract.ContractIds;
import io.ordersync.dev.DevRegistry;
import io.ordersync.dev.WireEncoder;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;

/**
 * Records of a few orders as choices have them: ordinary, where the choices are the first ones; else with numbers, texts and
 * lists at the edges of what their types hold. The ids that a registry gives to their schemas are always the same.
 */
public final class Records {

    /** Stands in each text that nobody would write: no message may tell it. */
    static final String MARK = "§";

    public static final Instant NOON = Instant.parse("2026-11-20T12:00:00Z");
    private static final String ORDER = "DOUYIN:shop-1:O1";
    private static final List<String> COMMANDS = Stream.of(
                    "LOCK|R1@W1|1",
                    "LOCK|R1@*|1",
                    "PULL_PARCEL|S1|1",
                    "INTERCEPT|S1|1",
                    "INTERCEPT|S1|2",
                    "CANCEL|S1|1",
                    "RELEASE|R1@W1|1",
                    "RELEASE_PARCEL|S1|1",
                    "LOCK|R2@W1|2",
                    "PULL_PARCEL|S2|1",
                    "INTERCEPT|S2|1")
            .map(name -> ContractIds.idOf(ORDER, name))
            .toList();
    private static final Map<String, List<String>> ORDINARY = Map.ofEntries(
            Map.entry("platform", List.of("DOUYIN", "douyin")),
            Map.entry("shopId", List.of("shop-1", " shop-1 ")),
            Map.entry("orderId", List.of("O1", "O1", "O1", "O2")),
            Map.entry("refundId", List.of("R1", "R1", "R2")),
            Map.entry("shipmentId", List.of("S1", "S1", "S2", "S3")),
            Map.entry("lineId", List.of("A", "A", "B", "C")),
            Map.entry("skuId", List.of("SKU-A", "SKU-B")),
            Map.entry("commandId", COMMANDS),
            Map.entry("caseId", List.of(ContractIds.idOf(ORDER, "CASE"))),
            Map.entry("currency", List.of("CNY", "JPY")),
            Map.entry("courier", List.of("SF", "YTO")),
            Map.entry("warehouseId", List.of("W1", "W2")),
            Map.entry("shipmentIds", List.of("S1", "S2")),
            Map.entry("mergedOrderIds", List.of("O2", "O3")),
            Map.entry("eventId", List.of("E1", "E2", "E3")));
    private static final List<String> STRANGE = List.of(
            "",
            " ",
            "\u3000\u00a0\n",
            MARK + "\u0000\u0007\u001b[31m",
            MARK + "%:|@*%25%3A",
            MARK + "\ud83d\udce6 订单 ﷽ e\u0301\u202e",
            MARK + "a".repeat(70_000),
            MARK + "\ufffd\ufeff",
            MARK + "-9223372036854775808",
            "00000000-0000-0000-0000-000000000000");
    private static final List<Long> NUMBERS = List.of(
            0L,
            -1L,
            Long.MIN_VALUE,
            Long.MAX_VALUE,
            (long) Integer.MAX_VALUE,
            (long) Integer.MIN_VALUE,
            Long.MAX_VALUE / 1_000,
            253_402_300_800_000L,
            -62_135_596_800_001L);
    private static final List<Integer> MANY = List.of(0, 3, 50, 199, 201, 500, 501, 600);

    private final WireEncoder encoder;

    /** Registers all schemas: nobody else has. */
    public Records(DevRegistry registry) {
        encoder = new WireEncoder(registry.url());
        for (Input input : Input.values()) {
            for (Schema writer : input.writers) {
                bytes(input, writer, new Choices(new byte[0]));
            }
        }
    }

    /** A record of today's or another day's producer, now and then damaged. */
    public byte[] value(Input input, Choices choices) {
        int day = choices.below(8);
        byte[] bytes = bytes(input, input.writers.get(day < 6 ? 0 : day - 5), choices);
        return choices.oneIn(6) ? Damage.to(bytes, choices) : bytes;
    }

    /** A record of each producer, as it ought to be. */
    public List<byte[]> ordinary(Input input) {
        return input.writers.stream()
                .map(writer -> bytes(input, writer, new Choices(new byte[0])))
                .toList();
    }

    private byte[] bytes(Input input, Schema writer, Choices choices) {
        // Each day has a subject of its own: the registry is not to judge them.
        int day = input.writers.indexOf(writer);
        return encoder.encode(
                input.topic + '-' + day, (GenericRecord) Objects.requireNonNull(any(writer, "", choices)));
    }

    private @Nullable Object any(Schema schema, String name, Choices choices) {
        return switch (schema.getType()) {
            case RECORD -> {
                GenericRecord record = new GenericData.Record(schema);
                schema.getFields()
                        .forEach(field -> record.put(field.pos(), any(field.schema(), field.name(), choices)));
                yield record;
            }
            case ARRAY -> {
                int size = choices.oneIn(12) ? choices.of(MANY) : 1 + choices.below(3) % 2;
                // Many are alike, or a record would take all choices there are.
                Choices of = size < 3 ? choices : new Choices(new byte[0]);
                yield IntStream.range(0, size)
                        .mapToObj(each -> any(schema.getElementType(), name, of))
                        .toList();
            }
            case MAP -> choices.oneIn(2) ? Map.of("x", any(schema.getValueType(), name, choices)) : Map.of();
            case UNION -> {
                // Null comes first in each: a value is the ordinary choice.
                List<Schema> types = schema.getTypes();
                yield any(types.get(types.size() - 1 - choices.below(types.size())), name, choices);
            }
            case ENUM -> new GenericData.EnumSymbol(schema, symbol(schema.getEnumSymbols(), choices));
            case STRING -> text(name, choices);
            case BYTES -> ByteBuffer.wrap(choices.bytes(8));
            case INT -> (int) (choices.oneIn(12) ? strange(choices) : 1 + choices.below(3));
            case LONG -> whole(schema, choices);
            case DOUBLE -> Double.longBitsToDouble(choices.number());
            case BOOLEAN -> choices.oneIn(4);
            case NULL -> null;
            default -> throw new IllegalArgumentException("the contract has no " + schema.getType());
        };
    }

    /** UNKNOWN comes first in each, and is not the ordinary one. */
    private static String symbol(List<String> symbols, Choices choices) {
        return symbols.get((1 + choices.below(symbols.size())) % symbols.size());
    }

    private static String text(String name, Choices choices) {
        return choices.oneIn(24) ? choices.of(STRANGE) : choices.of(ORDINARY.getOrDefault(name, List.of("x", "y")));
    }

    private static long whole(Schema schema, Choices choices) {
        if (choices.oneIn(16)) {
            return strange(choices);
        }
        return schema.getLogicalType() instanceof LogicalTypes.TimestampMillis
                ? NOON.minusSeconds(60L * choices.below(600)).toEpochMilli()
                : 1 + choices.below(3);
    }

    private static long strange(Choices choices) {
        return choices.oneIn(4) ? choices.number() : choices.of(NUMBERS);
    }
}
