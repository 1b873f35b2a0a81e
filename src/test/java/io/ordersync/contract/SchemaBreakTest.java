package io.ordersync.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.ordersync.contract.SchemaBreak.Hurt;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A change of a schema that breaks readers is told with the field and the reason; one that does not is let pass. */
class SchemaBreakTest {

    private static final String NEW = "new readers can't read what was written with the release: ";
    private static final String OLD = "readers of the release can't read what is written from now on: ";
    private static final String EITHER = "readers of the release and new ones read the same record differently: ";

    /** Of every kind of type there is one. */
    private static final String RELEASED = """
            {"type":"record","name":"Parcel","namespace":"shop","fields":[
             {"name":"id","type":"string"},
             {"name":"version","type":"long","default":1},
             {"name":"weight","type":"int"},
             {"name":"madeAt","type":{"type":"long","logicalType":"timestamp-millis"}},
             {"name":"price","type":{"type":"bytes","logicalType":"decimal","precision":9,"scale":2}},
             {"name":"hash","type":{"type":"fixed","name":"Hash","size":16}},
             {"name":"stage","type":{"type":"enum","name":"Stage","symbols":["UNKNOWN","MADE","GONE"],"default":"UNKNOWN"}},
             {"name":"rigid","type":{"type":"enum","name":"Rigid","symbols":["YES","NO"]}},
             {"name":"outcome","type":["null",{"type":"enum","name":"Outcome","symbols":["UNKNOWN","LOST"],"default":"UNKNOWN"}],"default":null},
             {"name":"note","type":["null","string"],"default":null},
             {"name":"lines","type":{"type":"array","items":{"type":"record","name":"Line","fields":[
               {"name":"sku","type":"string"},
               {"name":"quantity","type":"int"},
               {"name":"box","type":["null",{"type":"record","name":"Box","fields":[{"name":"number","type":"int","default":1}]}],"default":null}
             ]}},"default":[]},
             {"name":"sizes","type":{"type":"map","values":"int"},"default":{}}
            ]}""";

    @ParameterizedTest(name = "{0} → {1}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"name":"weight","type":"int"}            | {"name":"weight","type":"string"}        | weight: NEW type changed from int to string
            {"name":"weight","type":"int"}            | {"name":"weight","type":"string"}        | weight: OLD type changed from int to string
            {"name":"weight","type":"int"}            | {"name":"weight","type":"long"}          | weight: OLD type changed from int to long
            {"name":"version","type":"long"           | {"name":"version","type":"int"           | version: NEW type changed from long to int
            {"name":"id","type":"string"}             | {"name":"id","type":"bytes"}             | id: OLD type changed from string to bytes
            {"name":"id","type":"string"}             | {"name":"id","type":["null","string"]}   | id: OLD may now be null
            ["null","string"]                         | ["null","int"]                           | note: NEW may no longer be string
            ["null","string"]                         | ["null","string","int"]                  | note: OLD may now be int
            {"name":"id","type":"string"},            |                                          | id: OLD the field is gone, and the release has no default for it
            {"name":"quantity","type":"int"}          | {"name":"count","type":"int"}            | lines[].quantity: OLD the field is gone, and the release has no default for it
            {"name":"quantity","type":"int"}          | {"name":"count","type":"int"}            | lines[].count: NEW the field is new and has no default
            {"name":"version","type":"long",          | {"name":"revision","aliases":["version"],"type":"long", | revision: EITHER renamed from version: readers of the release don't know the alias, and miss the field
            {"name":"weight","type":"int"}            | {"name":"weight","type":"int"},{"name":"colour","type":"string"} | colour: NEW the field is new and has no default
            "name":"number","type":"int","default":1  | "name":"number","type":"int"             | lines[].box.number: NEW lost its default 1: records written without the field, as the release allows, need it
            "name":"number","type":"int","default":1  | "name":"number","type":"int","default":2 | lines[].box.number: EITHER default changed from 1 to 2
            "name":"number","type":"int"              | "name":"number","type":"double"          | lines[].box.number: OLD type changed from int to double
            "values":"int"                            | "values":"boolean"                       | sizes{}: NEW type changed from int to boolean
            timestamp-millis                          | timestamp-micros                         | madeAt: EITHER logicalType changed from timestamp-millis to timestamp-micros
            ,"logicalType":"timestamp-millis"         |                                          | madeAt: EITHER logicalType changed from timestamp-millis to null
            "scale":2                                 | "scale":4                                | price: EITHER scale changed from 2 to 4
            "precision":9                             | "precision":18                           | price: EITHER precision changed from 9 to 18
            "size":16                                 | "size":20                                | hash: NEW size changed from 16 to 20 bytes
            "YES","NO"                                | "YES","NO","MAYBE"                       | rigid: OLD Rigid has new symbols [MAYBE], and the release no default to read them as
            "YES","NO"                                | "YES"                                    | rigid: NEW Rigid lost [NO] and has no default to read them as
            "UNKNOWN","MADE","GONE"],"default":"UNKNOWN" | "UNKNOWN","MADE","GONE"]              | stage: NEW Stage lost its default UNKNOWN: no symbol can be added any more
            "UNKNOWN","LOST"],"default":"UNKNOWN"     | "UNKNOWN","LOST"],"default":"LOST"       | outcome: EITHER default of Outcome changed from UNKNOWN to LOST
            "name":"Outcome"                          | "name":"Ending"                          | outcome: OLD renamed from shop.Outcome to shop.Ending
            "name":"Line"                             | "name":"Row"                             | lines[]: NEW renamed from shop.Line to shop.Row
            "namespace":"shop"                        | "namespace":"store"                      | Parcel: OLD renamed from shop.Parcel to store.Parcel
            "name":"Parcel"                           | "name":"Package"                         | Parcel: NEW renamed from shop.Parcel to shop.Package
            {"name":"weight","type":"int"}            | {"name":"weight","type":"int"},{"name":"b","type":["null",{"type":"record","name":"B","fields":[{"name":"c","type":{"type":"enum","name":"C","symbols":["X"]}}]}],"default":null} | b.c: OLD the new enum C has no default: no symbol can be added later
            """)
    void namesTheFieldAndWhoSuffers(String from, String to, String message) {
        assertThat(breaks(from, to))
                .contains(message.replace(": NEW ", ": " + NEW)
                        .replace(": OLD ", ": " + OLD)
                        .replace(": EITHER ", ": " + EITHER));
    }

    @ParameterizedTest(name = "{0} → {1}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            "id","type":"string"             | "id","type":"string","doc":"Never blank."
            {"name":"weight","type":"int"}   | {"name":"weight","type":"int"},{"name":"colour","type":"string","default":"red"}
            {"name":"weight","type":"int"}   | {"name":"weight","type":"int","default":0}
            {"name":"sku","type":"string"}   | {"name":"sku","type":"string"},{"name":"ean","type":["null","string"],"default":null}
            {"name":"version","type":"long","default":1}, |
            "UNKNOWN","LOST"                 | "UNKNOWN","LOST","FOUND"
            ["YES","NO"]                     | ["YES","NO"],"default":"NO"
            """)
    void letsPassWhatBreaksNobody(String from, String to) {
        assertThat(breaks(from, to)).isEmpty();
    }

    @Test
    void refusesASecondRecordInAUnionThatHasOne() {
        String box =
                "{\"type\":\"record\",\"name\":\"Box\",\"fields\":[{\"name\":\"number\",\"type\":\"int\",\"default\":1}]}";
        String bag = "{\"type\":\"record\",\"name\":\"Bag\",\"fields\":[]}";

        assertThat(breaks(box, box + "," + bag)).containsExactly("lines[].box: " + OLD + "may now be Bag");
    }

    /** Avro renames the writer's field, and then finds two of the name. */
    @Test
    void refusesAnAliasThatIsTheNameOfAnotherReleasedField() {
        String alias = "{\"name\":\"id\",\"aliases\":[\"note\"],\"type\":\"string\"}";

        assertThat(breaks("{\"name\":\"id\",\"type\":\"string\"}", alias))
                .containsExactly("id: " + NEW + "its alias note is the name of another field of the release");
    }

    /** Java takes it; by the specification up to Avro 1.11, and for most other languages, it is no schema. */
    @Test
    void refusesADefaultThatIsNotOfTheFirstBranch() {
        assertThat(breaks("[\"null\",\"string\"]", "[\"string\",\"null\"]"))
                .containsExactly("note: " + EITHER + "its default null is not of the union's first branch, string: "
                        + "many readers take no such schema");
    }

    @Test
    void endsInASchemaThatHoldsItself() {
        String self = """
                {"type":"record","name":"Node","fields":[
                 {"name":"weight","type":"%s"},{"name":"next","type":["null","Node"],"default":null}]}""";

        assertThat(SchemaBreak.between(parse(self.formatted("int")), parse(self.formatted("long"))))
                .extracting(SchemaBreak::path)
                .containsExactly("weight");
    }

    /** Random pairs, mostly alike: Avro's verdict on each direction is an oracle for those whose names and types it does compare. */
    @Property(tries = 3_000)
    void refusesWhateverAvroRefuses(@ForAll long seed) {
        Schema released = record(new Choices(seed, 0), 2);
        Schema changed = record(new Choices(seed, 15), 2);
        var hurt = SchemaBreak.between(released, changed).stream()
                .map(SchemaBreak::hurt)
                .toList();

        if (avroRefuses(changed, released)) {
            assertThat(hurt).as("%s%n%s", released, changed).contains(Hurt.NEW_READERS);
        }
        if (avroRefuses(released, changed)) {
            assertThat(hurt).as("%s%n%s", released, changed).contains(Hurt.OLD_READERS);
        }
    }

    private static boolean avroRefuses(Schema reader, Schema writer) {
        return SchemaCompatibility.checkReaderWriterCompatibility(reader, writer)
                        .getType()
                != SchemaCompatibilityType.COMPATIBLE;
    }

    /** The same ones for the same seed, but for some of a hundred. */
    private static final class Choices extends Random {

        private final Random others;
        private final int percent;

        Choices(long seed, int percent) {
            super(seed);
            this.others = new Random(~seed);
            this.percent = percent;
        }

        @Override
        public int nextInt(int bound) {
            int same = super.nextInt(bound);
            return others.nextInt(100) < percent ? others.nextInt(bound) : same;
        }

        @Override
        public boolean nextBoolean() {
            return nextInt(2) == 0;
        }
    }

    private static Schema record(Random random, int depth) {
        var fields = new ArrayList<Schema.Field>();
        for (String name : List.of("a", "b")) {
            if (random.nextInt(4) > 0) {
                Schema type = type(random, depth, name);
                boolean optional = type.getType() == Schema.Type.INT && random.nextBoolean();
                fields.add(optional ? new Schema.Field(name, type, "", 1) : new Schema.Field(name, type, ""));
            }
        }
        return Schema.createRecord("R" + depth, "", "shop", false, fields);
    }

    private static Schema type(Random random, int depth, String name) {
        return switch (random.nextInt(depth == 0 ? 5 : 8)) {
            case 0, 1 -> Schema.create(Schema.Type.INT);
            case 2 -> Schema.create(Schema.Type.LONG);
            case 3 -> {
                List<String> symbols = random.nextBoolean() ? List.of("X", "Y") : List.of("X", "Z");
                yield Schema.createEnum("E" + depth + name, "", "shop", symbols, random.nextBoolean() ? "X" : null);
            }
            case 4 -> Schema.createFixed("F" + depth + name, "", "shop", 1 + random.nextInt(2));
            case 5 -> Schema.createArray(type(random, depth - 1, name));
            case 6 ->
                Schema.createUnion(
                        Schema.create(Schema.Type.NULL),
                        random.nextBoolean() ? Schema.create(Schema.Type.STRING) : Schema.create(Schema.Type.INT));
            default -> {
                var inner = new ArrayList<Schema.Field>();
                inner.add(new Schema.Field("c", type(random, 0, name), ""));
                yield Schema.createRecord("N" + depth + name, "", "shop", false, inner);
            }
        };
    }

    private static List<String> breaks(String from, String to) {
        assertThat(RELEASED).contains(from);
        String changed = RELEASED.replace(from, to == null ? "" : to);
        return SchemaBreak.between(parse(RELEASED), parse(changed)).stream()
                .map(SchemaBreak::toString)
                .toList();
    }

    private static Schema parse(String text) {
        return new Schema.Parser().parse(text);
    }
}
