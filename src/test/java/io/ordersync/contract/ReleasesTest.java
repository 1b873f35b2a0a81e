package io.ordersync.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What stands in {@code schemas/} can be read by readers of every release, and their records by new readers; releases stay as they
 * are. To make one: {@code ./mvnw test -Dtest=ReleasesTest -Dschemas.release=<version>}.
 */
class ReleasesTest {

    private static final String FIRST = record("{\"name\":\"id\",\"type\":\"string\"}");
    private static final String SECOND =
            record("{\"name\":\"id\",\"type\":\"string\"},{\"name\":\"note\",\"type\":\"string\",\"default\":\"\"}");

    @TempDir
    Path schemas;

    private Releases releases;

    @BeforeAll
    static void releaseIfAsked() {
        Integer version = Integer.getInteger("schemas.release");
        if (version != null) {
            new Releases(Path.of("schemas")).release(version);
        }
    }

    @BeforeEach
    void releaseTwo() throws IOException {
        releases = new Releases(schemas);
        now("orders", FIRST);
        releases.release(1);
        now("orders", SECOND);
        releases.release(2);
    }

    @Test
    void schemasOfTheServiceBreakNoReaderOfAnyRelease() {
        assertThat(new Releases(Path.of("schemas")).problems()).isEmpty();
    }

    @Test
    void letsPassADocAndNothingElseUnreleased() throws IOException {
        now("orders", SECOND.replace("\"name\":\"note\"", "\"name\":\"note\",\"doc\":\"Of the packer.\""));
        assertThat(releases.problems()).isEmpty();

        now("orders", SECOND.replace("\"default\":\"\"", "\"default\":\"\",\"aliases\":[\"remark\"]"));
        assertThat(releases.problems())
                .containsExactly("orders-value.avsc is not what release 2 has; if it is finished: "
                        + "./mvnw test -Dtest=ReleasesTest -Dschemas.release=3");
    }

    @Test
    void comparesWithEveryReleaseAndNotOnlyWithTheLast() throws IOException {
        now("orders", SECOND.replace(",\"default\":\"\"", ""));

        assertThat(releases.problems())
                .containsExactly(
                        "orders-value.avsc against release 1: note: new readers can't read what was written with the release: "
                                + "the field is new and has no default",
                        "orders-value.avsc against release 2: note: new readers can't read what was written with the release: "
                                + "lost its default \"\": records written without the field, as the release allows, need it");
    }

    @Test
    void missesASchemaThatIsGoneAndTellsOfOneThatIsNew() throws IOException {
        Files.move(schemas.resolve("orders-value.avsc"), schemas.resolve("parcels-value.avsc"));

        assertThat(releases.problems())
                .containsExactly(
                        "orders-value.avsc is gone: readers of release 1 wait for its records",
                        "orders-value.avsc is gone: readers of release 2 wait for its records");

        now("orders", SECOND);
        assertThat(releases.problems())
                .singleElement()
                .asString()
                .startsWith("parcels-value.avsc is not what release 2 has");
    }

    @Test
    void releaseStaysAsItIs() throws IOException {
        Path first = schemas.resolve("released/1/orders-value.avsc");
        Files.writeString(first, FIRST + "\n");
        assertThat(releases.problems())
                .containsExactly("released/1/orders-value.avsc was changed: a release stays as it is");

        Files.delete(first);
        assertThat(releases.problems())
                .containsExactly("released/1/orders-value.avsc is gone: a release stays as it is");

        Files.writeString(first, FIRST);
        Files.writeString(schemas.resolve("released/2/parcels-value.avsc"), FIRST);
        assertThat(releases.problems())
                .contains("released/2/parcels-value.avsc is not in SHA256SUMS: a release is made by "
                        + "./mvnw test -Dtest=ReleasesTest -Dschemas.release=<version>");
    }

    @Test
    void releaseIsTheNextOneBreaksNobodyAndSaysSomethingNew() throws IOException {
        assertThatThrownBy(() -> releases.release(3)).hasMessage("nothing differs from release 2 but for docs");

        now("orders", SECOND.replace("string\",\"default\":\"\"", "int\",\"default\":0"));
        assertThatThrownBy(() -> releases.release(3))
                .hasMessageContaining("note: ")
                .hasMessageContaining("type changed");

        now("orders", FIRST);
        assertThatThrownBy(() -> releases.release(2)).hasMessage("release 2 is not the next one: that is 3");
        releases.release(3);
        assertThat(releases.problems()).isEmpty();
        assertThat(schemas.resolve("released/3/orders-value.avsc")).hasContent(FIRST);
    }

    private void now(String topic, String schema) throws IOException {
        Files.writeString(schemas.resolve(topic + "-value.avsc"), schema);
    }

    private static String record(String fields) {
        return "{\"type\":\"record\",\"name\":\"Order\",\"fields\":[" + fields + "]}";
    }
}
