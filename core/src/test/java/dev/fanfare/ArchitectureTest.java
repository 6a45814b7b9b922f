package dev.fanfare;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The arrows of docs/architecture.md, and what published code does not do. */
class ArchitectureTest {

    private static final JavaClasses PUBLISHED = new ClassFileImporter().importPath(Path.of("target", "classes"));

    /** Between nodes there is a port: what is in front of it knows the JDK and nothing else. */
    @Test
    void hubKnowsTheJdkOnly() {
        classes()
                .that()
                .resideInAPackage("dev.fanfare")
                .should()
                .onlyDependOnClassesThat(
                        resideInAPackage("dev.fanfare").or(resideInAnyPackage("java..", "org.jspecify..")))
                .check(PUBLISHED);
    }

    @Test
    void onlyTheRedisPackageKnowsJedis() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.fanfare.redis..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("redis.clients..")
                .check(PUBLISHED);
    }

    @Test
    void redisPackageKnowsJedisAndTheHubOnly() {
        classes()
                .that()
                .resideInAPackage("dev.fanfare.redis..")
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage(
                        "dev.fanfare",
                        "dev.fanfare.redis..",
                        "redis.clients..",
                        "java..",
                        "javax.net.ssl..",
                        "org.jspecify.."))
                .check(PUBLISHED);
    }

    @Test
    void onlyTheJsonPackageKnowsJackson() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.fanfare.json..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("com.fasterxml..", "tools.jackson..")
                .check(PUBLISHED);
    }

    @Test
    void jsonPackageKnowsJacksonAndTheHubOnly() {
        classes()
                .that()
                .resideInAPackage("dev.fanfare.json..")
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage(
                        "dev.fanfare",
                        "dev.fanfare.json..",
                        "com.fasterxml.jackson..",
                        "tools.jackson..",
                        "java..",
                        "org.jspecify.."))
                .check(PUBLISHED);
    }

    @Test
    void packagesHaveNoCycle() {
        slices().assignedFrom(new ByPackage()).should().beFreeOfCycles().check(PUBLISHED);
    }

    @Test
    void nothingIsPrinted() {
        NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS.check(PUBLISHED);
        noClasses().should().callMethod(Throwable.class, "printStackTrace").check(PUBLISHED);
    }

    @Test
    void nobodySleeps() {
        noClasses()
                .should()
                .callMethod(Thread.class, "sleep", long.class)
                .orShould()
                .callMethod(Thread.class, "sleep", long.class, int.class)
                .check(PUBLISHED);
    }

    /** The pattern language of ArchUnit has none for a package and those within it. */
    private static final class ByPackage implements SliceAssignment {
        @Override
        public SliceIdentifier getIdentifierOf(JavaClass type) {
            return SliceIdentifier.of(type.getPackageName());
        }

        @Override
        public String getDescription() {
            return "packages";
        }
    }
}
