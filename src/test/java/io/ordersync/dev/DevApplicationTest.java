package io.ordersync.dev;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class DevApplicationTest {

    /** Spring Boot finds a main class by itself only while there is no other one among the tests. */
    @Test
    void isNamedToSpringBootsTestRun() throws IOException {
        assertThat(Files.readString(Path.of("pom.xml")))
                .contains("<mainClass>" + DevApplication.class.getName() + "</mainClass>");
    }
}
