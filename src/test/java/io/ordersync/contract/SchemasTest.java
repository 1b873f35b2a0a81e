package io.ordersync.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.avro.JsonProperties;
import org.apache.avro.Schema;
import org.apache.avro.SchemaFormatter;
import org.apache.avro.SchemaNormalization;
import org.apache.avro.idl.IdlFile;
import org.apache.avro.idl.IdlReader;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/**
 * The schema files, the generated classes and {@code schemas/order-sync.avdl} say the same, and say what version 1 of the contract says.
 *
 * <p>The files are written, not edited: after a change of the avdl run
 * {@code ./mvnw test -Dtest=SchemasTest -Dschemas.write=true} and commit what it wrote. The contract is frozen as release 1: neither the
 * fingerprints below nor {@code contract/order-sync-v1.txt} ever change. ReleasesTest says what may follow it.
 */
class SchemasTest {

    private static final String WRITE = "./mvnw test -Dtest=SchemasTest -Dschemas.write=true";
    private static final Path SCHEMAS = Path.of("schemas");
    private static final Path FROZEN = Path.of("src/test/resources/contract/order-sync-v1.txt");
    private static final IdlFile AVDL = readAvdl();

    /** Each topic with a record, the schema its class was generated with, and the CRC-64-AVRO of its parsing canonical form. */
    static final List<TopicValue> VALUES = List.of(
            new TopicValue("refund-approved", RefundApproved.getClassSchema(), "2031c27b7f58d4de"),
            new TopicValue("shipment-created", ShipmentCreated.getClassSchema(), "049fbceb2e4a8813"),
            new TopicValue("refund-closed", RefundClosed.getClassSchema(), "946f8e4b0df6f2ef"),
            new TopicValue("shipment-voided", ShipmentVoided.getClassSchema(), "9dd97a389e9af7d8"),
            new TopicValue("shipment-status", ShipmentStatusChanged.getClassSchema(), "1d07c9a3500497fe"),
            new TopicValue("warehouse-lock-results", WarehouseLockResult.getClassSchema(), "4940a519718170f3"),
            new TopicValue("intercept-results", InterceptResult.getClassSchema(), "374125517afca3de"),
            new TopicValue("case-resolutions", CaseResolved.getClassSchema(), "5aebe0cf2aba7004"),
            new TopicValue("warehouse-lock-commands", WarehouseLockCommand.getClassSchema(), "de7aa4cb4cdcb6af"),
            new TopicValue(
                    "intercept-shipment-commands", InterceptShipmentCommand.getClassSchema(), "efeda2a6ca8d5b63"),
            new TopicValue("order-alerts", OrderAlert.getClassSchema(), "8f43d20af7c095ca"),
            new TopicValue("order-cases", OrderCase.getClassSchema(), "7bb0e72ee19f8d8b"));

    @BeforeAll
    static void writeTheFilesIfAsked() throws IOException {
        if (Boolean.getBoolean("schemas.write")) {
            for (TopicValue value : VALUES) {
                Files.writeString(value.file(), value.textInAvdl());
            }
        }
    }

    @ParameterizedTest
    @FieldSource("VALUES")
    void fileIsWhatTheAvdlSays(TopicValue value) {
        assertThat(value.file())
                .as("%s; write it anew: %s", value.file(), WRITE)
                .exists()
                .content()
                .isEqualTo(value.textInAvdl());
    }

    @ParameterizedTest
    @FieldSource("VALUES")
    void fileParsesOnItsOwn(TopicValue value) throws IOException {
        var schema = new Schema.Parser().parse(value.file().toFile());

        assertThat(schema.getFullName()).isEqualTo(value.generated().getFullName());
    }

    @ParameterizedTest
    @FieldSource("VALUES")
    void fileIsWhatTheClassWasGeneratedWith(TopicValue value) throws IOException {
        var schema = new Schema.Parser().parse(value.file().toFile());

        assertThat(schema.toString()).isEqualTo(withoutJavaStrings(value.generated()));
    }

    @Test
    void thereIsOneFileForEachTopicAndNoOther() throws IOException {
        try (Stream<Path> files = Files.list(SCHEMAS)) {
            assertThat(files.filter(Files::isRegularFile).filter(file -> !file.endsWith("order-sync.avdl")))
                    .containsExactlyInAnyOrderElementsOf(
                            VALUES.stream().map(TopicValue::file).toList());
        }
    }

    @Test
    void everyTypeAndFieldIsExplained() {
        var unexplained = new ArrayList<String>();
        for (Schema type : types()) {
            if (isBlank(type.getDoc())) {
                unexplained.add(type.getName());
            }
            for (Schema.Field field : fieldsOf(type)) {
                if (isBlank(field.doc())) {
                    unexplained.add(type.getName() + "." + field.name());
                }
            }
        }

        assertThat(unexplained).as("types and fields without a doc").isEmpty();
        assertThat(AVDL.getWarnings()).as("doc comments that explain nothing").isEmpty();
    }

    @Test
    void everyEnumReadsNewerSymbolsAsUnknown() {
        assertThat(types())
                .filteredOn(type -> type.getType() == Schema.Type.ENUM)
                .isNotEmpty()
                .filteredOn(type -> !"UNKNOWN".equals(type.getEnumDefault()))
                .extracting(Schema::getName)
                .isEmpty();
    }

    @ParameterizedTest
    @FieldSource("VALUES")
    void namesAndTypesOfReleaseOneAreThoseOfTheContract(TopicValue value) {
        long fingerprint = SchemaNormalization.parsingFingerprint64(value.inReleaseOne());

        assertThat(HexFormat.of().toHexDigits(fingerprint))
                .as("fingerprint of %s", value.generated().getName())
                .isEqualTo(value.fingerprint());
    }

    /** Unlike a fingerprint it names what differs, and covers what the canonical form leaves out: defaults and logical types. */
    @Test
    void everySymbolFieldAndDefaultOfReleaseOneIsThatOfTheContract() throws IOException {
        var lines = VALUES.stream()
                .flatMap(value -> typesIn(value.inReleaseOne()))
                .distinct()
                .flatMap(SchemasTest::describe)
                .toList();

        assertThat(lines).containsExactlyInAnyOrderElementsOf(Files.readAllLines(FROZEN));
    }

    private static Stream<Schema> typesIn(Schema schema) {
        return switch (schema.getType()) {
            case RECORD ->
                Stream.concat(Stream.of(schema), schema.getFields().stream().flatMap(field -> typesIn(field.schema())));
            case ENUM -> Stream.of(schema);
            case UNION -> schema.getTypes().stream().flatMap(SchemasTest::typesIn);
            case ARRAY -> typesIn(schema.getElementType());
            default -> Stream.empty();
        };
    }

    private static Stream<String> describe(Schema type) {
        if (type.getType() == Schema.Type.ENUM) {
            return Stream.of("%s: %s = %s"
                    .formatted(type.getName(), String.join(" ", type.getEnumSymbols()), type.getEnumDefault()));
        }
        return type.getFields().stream()
                .map(field -> "%s.%s: %s%s"
                        .formatted(type.getName(), field.name(), nameOf(field.schema()), defaultOf(field)));
    }

    private static String nameOf(Schema schema) {
        return switch (schema.getType()) {
            case UNION -> schema.getTypes().stream().map(SchemasTest::nameOf).collect(Collectors.joining("|"));
            case ARRAY -> "array<" + nameOf(schema.getElementType()) + ">";
            default ->
                schema.getLogicalType() == null
                        ? schema.getName()
                        : schema.getLogicalType().getName();
        };
    }

    private static String defaultOf(Schema.Field field) {
        if (!field.hasDefaultValue()) {
            return "";
        }
        return " = " + (JsonProperties.NULL_VALUE.equals(field.defaultVal()) ? "null" : field.defaultVal());
    }

    /** Generated classes ask for {@code String} instead of {@code Utf8}; that is Java's affair and not in the files. */
    private static String withoutJavaStrings(Schema generated) {
        return generated.toString().replace("{\"type\":\"string\",\"avro.java.string\":\"String\"}", "\"string\"");
    }

    private static List<Schema> types() {
        return List.copyOf(AVDL.getProtocol().getTypes());
    }

    private static List<Schema.Field> fieldsOf(Schema type) {
        return type.getType() == Schema.Type.RECORD ? type.getFields() : List.of();
    }

    private static boolean isBlank(String doc) {
        return doc == null || doc.isBlank();
    }

    private static IdlFile readAvdl() {
        try {
            return new IdlReader().parse(SCHEMAS.resolve("order-sync.avdl"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    record TopicValue(String topic, Schema generated, String fingerprint) {

        Path file() {
            return SCHEMAS.resolve(topic + "-value.avsc");
        }

        Schema inReleaseOne() {
            try {
                return new Schema.Parser()
                        .parse(SCHEMAS.resolve("released/1")
                                .resolve(file().getFileName())
                                .toFile());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        Schema inAvdl() {
            return AVDL.getProtocol().getType(generated.getFullName());
        }

        String textInAvdl() {
            return SchemaFormatter.format("json/pretty", inAvdl()) + "\n";
        }

        @Override
        public String toString() {
            return topic;
        }
    }
}
