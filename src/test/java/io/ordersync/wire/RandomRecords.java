package io.ordersync.wire;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.generic.IndexedRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

/** Generated records with anything in them, and their bodies as any producer might write them. */
public final class RandomRecords {

    private static final List<String> ODD = List.of(
            "",
            " ",
            "\t \u3000",
            " E1 ",
            "*",
            "%3A:|@",
            "订单",
            "\u00e9\u00df",
            "\ud83d\ude00",
            "\ud800",
            "x\udc00y",
            "\0",
            "x".repeat(63),
            "x".repeat(64),
            "é".repeat(40),
            "long ".repeat(200));

    private final Random random;

    public RandomRecords(long seed) {
        random = new Random(seed);
    }

    public SpecificRecord record(Class<? extends SpecificRecord> type) {
        TrustedClasses.trust(type);
        return (SpecificRecord) record(SpecificData.getForClass(type).getSchema(type));
    }

    private Object record(Schema schema) {
        SpecificRecord record =
                (SpecificRecord) SpecificData.newInstance(SpecificData.get().getClass(schema), schema);
        schema.getFields().forEach(field -> record.put(field.pos(), value(field.schema())));
        return record;
    }

    private @Nullable Object value(Schema schema) {
        return switch (schema.getType()) {
            case RECORD -> record(schema);
            case ENUM ->
                SpecificData.get()
                        .getClass(schema)
                        .getEnumConstants()[
                        random.nextInt(schema.getEnumSymbols().size())];
            case ARRAY -> {
                int items = random.nextInt(20) == 0 ? random.nextInt(300) : random.nextInt(4);
                yield Stream.generate(() -> value(schema.getElementType()))
                        .limit(items)
                        .toList();
            }
            case UNION -> value(schema.getTypes().get(random.nextInt(2)));
            case STRING ->
                random.nextInt(40) == 0 ? ODD.get(random.nextInt(ODD.size())) : "id-" + random.nextInt(1_000);
            case INT -> (int) number(Integer.SIZE);
            case LONG -> schema.getLogicalType() == null ? number(Long.SIZE) : instant();
            case BOOLEAN -> random.nextBoolean();
            case NULL -> null;
            default -> throw new IllegalArgumentException(schema.toString());
        };
    }

    /** Mostly a few units. */
    private long number(int bits) {
        return switch (random.nextInt(200)) {
            case 0 -> 0;
            case 1 -> -1;
            case 2 -> -1L << (bits - 1);
            case 3 -> (1L << (bits - 1)) - 1;
            case 4 -> random.nextLong() >> (Long.SIZE - bits);
            default -> 1 + random.nextInt(200);
        };
    }

    private Instant instant() {
        return Instant.ofEpochSecond(
                random.nextInt(20) == 0 ? number(40) : 1_795_000_000L + random.nextInt(1_000_000),
                random.nextInt(1_000_000_000));
    }

    /** With arrays in one block or several, which say their size in bytes or don't. */
    public byte[] body(SpecificRecord record) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
        try {
            write(record.getSchema(), record, encoder);
            encoder.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    private void write(Schema schema, @Nullable Object value, BinaryEncoder to) throws IOException {
        if (value == null) {
            // Of a union, the first branch.
            to.writeIndex(0);
            return;
        }
        switch (schema.getType()) {
            case RECORD -> {
                for (Schema.Field field : schema.getFields()) {
                    write(field.schema(), ((IndexedRecord) value).get(field.pos()), to);
                }
            }
            case ENUM -> to.writeEnum(schema.getEnumOrdinal(String.valueOf(value)));
            case ARRAY -> writeBlocks(schema.getElementType(), (List<?>) value, to);
            case UNION -> {
                to.writeIndex(1);
                write(schema.getTypes().get(1), value, to);
            }
            case STRING -> to.writeString((String) value);
            case INT, LONG ->
                to.writeLong(value instanceof Instant at ? at.toEpochMilli() : ((Number) value).longValue());
            case BOOLEAN -> to.writeBoolean((Boolean) value);
            default -> throw new IllegalArgumentException(schema.toString());
        }
    }

    private void writeBlocks(Schema item, List<?> items, BinaryEncoder to) throws IOException {
        int at = 0;
        while (at < items.size()) {
            int count = random.nextBoolean() ? items.size() - at : 1 + random.nextInt(items.size() - at);
            if (random.nextInt(3) == 0) {
                to.writeLong(-count);
                // Who reads the items does not look at their size.
                to.writeLong(random.nextInt(1_000));
            } else {
                to.writeLong(count);
            }
            for (Object each : items.subList(at, at + count)) {
                write(item, each, to);
            }
            at += count;
        }
        to.writeLong(0);
    }

    /** One to four changes of what is behind the header, now and then of that: a bit, a byte, a run cut out or doubled. */
    public byte[] mutant(byte[] valid) {
        byte[] mutant = valid.clone();
        for (int change = random.nextInt(4); change >= 0 && mutant.length > 6; change--) {
            int at = random.nextInt(50) == 0 ? random.nextInt(5) : 5 + random.nextInt(mutant.length - 5);
            int run = Math.min(1 + random.nextInt(8), mutant.length - at);
            int from = at;
            byte[] now = mutant;
            mutant = switch (random.nextInt(6)) {
                case 0 -> with(now, at, now[at] ^ 1 << random.nextInt(8));
                case 1 -> with(now, at, random.nextInt(256));
                case 2 -> with(now, at, random.nextInt(4));
                case 3 -> with(with(now, at, 0xff), at + run - 1, 0xff);
                case 4 -> picked(now, IntStream.range(0, now.length).filter(i -> i < from || i >= from + run));
                default -> picked(now, IntStream.concat(IntStream.range(0, at + run), IntStream.range(at, now.length)));
            };
        }
        return mutant;
    }

    private static byte[] with(byte[] bytes, int at, int value) {
        byte[] changed = bytes.clone();
        changed[at] = (byte) value;
        return changed;
    }

    private static byte[] picked(byte[] bytes, IntStream places) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        places.forEach(i -> out.write(bytes[i]));
        return out.toByteArray();
    }
}
