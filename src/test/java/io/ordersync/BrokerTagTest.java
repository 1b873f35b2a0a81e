package io.ordersync;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.ordersync.dev.TestBroker;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.platform.commons.support.AnnotationSupport;

/** The tag by which {@code -Pcontainers} finds what takes a {@link TestBroker}. */
class BrokerTagTest {

    private static final JavaClasses ALL = new ClassFileImporter().importPackages("io.ordersync");

    @Test
    void isOnWhoTakesABrokerAndOnNobodyElse() {
        Set<JavaClass> takers = takers();

        assertThat(tests().stream().filter(test -> isTagged(test, "broker")))
                .isNotEmpty()
                .containsExactlyInAnyOrderElementsOf(
                        tests().stream().filter(takers::contains).toList());
    }

    /** Those of interop need more than Docker, and run with their own profile alone. */
    private static List<JavaClass> tests() {
        return ALL.stream()
                .filter(each -> each.getSimpleName().endsWith("Test")
                        && !each.getModifiers().contains(JavaModifier.ABSTRACT)
                        && !isTagged(each, "interop"))
                .toList();
    }

    private static boolean isTagged(JavaClass test, String tag) {
        return AnnotationSupport.findRepeatableAnnotations(test.reflect(), Tag.class).stream()
                .anyMatch(each -> each.value().equals(tag));
    }

    /** Who calls {@link TestBroker#start()}, be it by way of others, and whoever extends one of them. */
    private static Set<JavaClass> takers() {
        Set<JavaClass> takers = new HashSet<>();
        Set<JavaCodeUnit> seen = new HashSet<>();
        Queue<JavaCodeUnit> toFollow = new ArrayDeque<>();
        toFollow.add(ALL.get(TestBroker.class).getMethod("start"));
        for (JavaCodeUnit called = toFollow.poll(); called != null; called = toFollow.poll()) {
            for (JavaAccess<?> call : called.getAccessesToSelf()) {
                if (seen.add(call.getOrigin())) {
                    toFollow.add(call.getOrigin());
                    JavaClass taker = outermost(call.getOriginOwner());
                    takers.add(taker);
                    takers.addAll(taker.getAllSubclasses());
                }
            }
        }
        return takers;
    }

    private static JavaClass outermost(JavaClass each) {
        Optional<JavaClass> enclosing = each.getEnclosingClass();
        return enclosing.isPresent() ? outermost(enclosing.get()) : each;
    }
}
