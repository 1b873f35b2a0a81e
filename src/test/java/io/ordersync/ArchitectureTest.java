package io.ordersync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The rules hold, and each of them can fail: on the classes that break it, and when it finds none to look at. */
class ArchitectureTest {

    private static final String BROKEN = "io.ordersync.architecture.broken";

    private static final JavaClasses SERVICE = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.ordersync");

    @ParameterizedTest
    @EnumSource
    void holds(ArchitectureRule rule) {
        rule.in("io.ordersync").check(SERVICE);
    }

    @ParameterizedTest
    @EnumSource
    void noticesEachWayToBreakIt(ArchitectureRule rule) {
        JavaClasses broken = new ClassFileImporter().importPackages(BROKEN);

        String report = String.join(
                "\n", rule.in(BROKEN).evaluate(broken).getFailureReport().getDetails());

        assertThat(rule.violations)
                .isNotEmpty()
                .allSatisfy(violation -> assertThat(report).contains(violation));
    }

    @ParameterizedTest
    @EnumSource
    void failsWhereItFindsNothing(ArchitectureRule rule) {
        ArchRule misspelt = rule.in("io.ordresync");

        assertThatThrownBy(() -> misspelt.check(SERVICE))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("failed to check any classes");
    }
}
