package io.ordersync;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.equivalentTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMembers;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAnnotation;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.CompositeArchRule;
import java.io.PrintStream;
import java.time.Clock;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/** What may depend on what, in the packages under a base. */
@SuppressWarnings("ImmutableEnumChecker") // nobody changes the lists, and the functions have no state
enum ArchitectureRule {
    DOMAIN_KNOWS_NOBODY(
            base -> mayDependOnlyOn(base, "domain"),
            "broken.domain.KnowsKafka",
            "broken.domain.KnowsConfig",
            "broken.domain.KnowsStreams"),

    DOMAIN_IS_TOLD_TIME_AND_CHANCE(
            base -> noClasses()
                    .that(resideInAPackage(base + ".domain.."))
                    .should()
                    .callCodeUnitWhere(describe("it asks for the time or for chance", ArchitectureRule::isTimeOrChance))
                    .orShould()
                    .dependOnClassesThat(assignableTo(RandomGenerator.class)),
            "Instant.now()",
            "Clock.systemUTC()",
            "System.currentTimeMillis()",
            "System.nanoTime()",
            "UUID.randomUUID()",
            "java.util.Random"),

    DOMAIN_DOES_NOT_LOG(
            base -> noClasses()
                    .that(resideInAPackage(base + ".domain.."))
                    .should()
                    .dependOnClassesThat(resideInAnyPackage("java.util.logging..", "org.slf4j..")
                            .or(assignableTo(System.Logger.class))
                            .or(assignableTo(PrintStream.class))),
            "java.util.logging.Logger",
            "org.slf4j.Logger",
            "java.lang.System$Logger",
            "java.io.PrintStream"),

    STREAMS_KNOWS_DOMAIN_AND_KAFKA(
            base -> mayDependOnlyOn(
                    base, "streams", base + ".domain..", "org.apache.kafka..", "org.rocksdb..", "org.slf4j.."),
            "broken.streams.KnowsMessaging",
            "broken.streams.WiresItself"),

    MESSAGING_KNOWS_DOMAIN_AND_CONTRACT(
            base -> mayDependOnlyOn(
                    base,
                    "messaging",
                    base + ".domain..",
                    "io.ordersync.contract..",
                    base + ".wire..",
                    "org.apache.avro..",
                    "org.apache.kafka.common..",
                    "org.slf4j.."),
            "broken.messaging.KnowsStreams",
            "broken.messaging.KnowsObservability",
            "broken.messaging.KnowsTheStreamsOfKafka",
            "broken.messaging.WiresItself"),

    /** Spring's listener is in config, as all of Spring's. */
    ALERTING_KNOWS_CONTRACT_AND_CHANNELS(
            base -> mayDependOnlyOn(
                    base,
                    "alerting",
                    "io.ordersync.contract..",
                    "io.github.resilience4j..",
                    "javax.crypto..",
                    "javax.net.ssl..",
                    "org.apache.kafka.clients.consumer..",
                    "org.apache.kafka.common..",
                    "org.slf4j..",
                    "tools.jackson.."),
            "broken.alerting.KnowsMessaging",
            "broken.alerting.WiresItself"),

    /** What a user of the client jar needs beside it: Kafka's clients, and Avro with the Jackson that it brings. */
    WIRE_KNOWS_NOTHING_OF_THE_SERVICE(
            base -> mayDependOnlyOn(
                    base,
                    "wire",
                    "javax.net.ssl..",
                    "javax.security.auth.login..",
                    "org.apache.avro..",
                    "org.apache.kafka.common..",
                    "com.fasterxml.jackson.."),
            "broken.wire.KnowsMessaging",
            "broken.wire.KnowsTheContract"),

    OBSERVABILITY_KNOWS_NEITHER_CONFIG_NOR_MESSAGING(
            base -> noClasses()
                    .that(resideInAPackage(base + ".observability.."))
                    .should()
                    .dependOnClassesThat(resideInAnyPackage(base + ".config..", base + ".messaging..")),
            "broken.observability.KnowsMessaging",
            "broken.observability.KnowsConfig"),

    NOBODY_KNOWS_CONFIG(
            base -> noClasses()
                    .that(outsideConfig(base))
                    .should()
                    .dependOnClassesThat(resideInAPackage(base + ".config..")),
            "broken.domain.KnowsConfig",
            "broken.observability.KnowsConfig",
            "broken.KnowsConfig"),

    SPRING_WIRES_IN_CONFIG_ALONE(
            base -> CompositeArchRule.of(noClasses()
                            .that(outsideConfig(base).and(not(equivalentTo(OrderSyncApplication.class))))
                            .should()
                            .beAnnotatedWith(ofSpring()))
                    .and(noMembers()
                            .that()
                            .areDeclaredInClassesThat(outsideConfig(base))
                            .should()
                            .beAnnotatedWith(ofSpring())),
            "broken.streams.WiresItself",
            "broken.messaging.WiresItself",
            "broken.alerting.WiresItself",
            "broken.observability.ListensToSpring");

    /** What the report on the classes that break it must name. */
    final List<String> violations;

    private final Function<String, ArchRule> rule;

    ArchitectureRule(Function<String, ArchRule> rule, String... violations) {
        this.rule = rule;
        this.violations = List.of(violations);
    }

    ArchRule in(String base) {
        return rule.apply(base);
    }

    private static ArchRule mayDependOnlyOn(String base, String name, String... others) {
        String[] allowed = Stream.concat(
                        Stream.of(base + '.' + name + "..", "java..", "org.jspecify.."), Stream.of(others))
                .toArray(String[]::new);
        return classes()
                .that(resideInAPackage(base + '.' + name + ".."))
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage(allowed));
    }

    private static DescribedPredicate<JavaClass> outsideConfig(String base) {
        return resideInAPackage(base + "..").and(not(resideInAPackage(base + ".config..")));
    }

    private static DescribedPredicate<JavaAnnotation<?>> ofSpring() {
        return describe(
                "an annotation of Spring's",
                annotation -> annotation.getRawType().getPackageName().startsWith("org.springframework."));
    }

    private static boolean isTimeOrChance(JavaCall<?> call) {
        JavaClass owner = call.getTargetOwner();
        String name = call.getTarget().getName();
        return name.equals("randomUUID")
                || (name.equals("now") && owner.getPackageName().equals("java.time"))
                || (owner.isEquivalentTo(System.class)
                        && Set.of("currentTimeMillis", "nanoTime").contains(name))
                || owner.isAssignableTo(InstantSource.class)
                || owner.isAssignableTo(Clock.class)
                || (owner.isEquivalentTo(Math.class) && name.equals("random"));
    }
}
