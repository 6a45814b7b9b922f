package dev.fanfare.jakarta;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The arrows of docs/architecture.md, and what published code does not do. */
class ArchitectureTest {

    private static final JavaClasses PUBLISHED = new ClassFileImporter().importPath(Path.of("target", "classes"));

    /** Two classes extend what a container writes; they are loaded where that container is, and nowhere else. */
    private static final String KNOWS_A_CONTAINER = ".*\\.(Jetty|Undertow)(Path|Loopback)(\\$.*)?";

    /** Any container, any broadcaster: it knows neither Tomcat nor Redis. */
    @Test
    void adapterKnowsTheHubAndTheStandardApiOnly() {
        classes()
                .that()
                .resideInAPackage("dev.fanfare.jakarta..")
                .and()
                .haveNameNotMatching(KNOWS_A_CONTAINER)
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage(
                        "dev.fanfare",
                        "dev.fanfare.jakarta..",
                        "jakarta.servlet..",
                        "jakarta.websocket..",
                        "java..",
                        "org.jspecify.."))
                .check(PUBLISHED);
    }

    /** Each knows its own container alone, and is known to the class that chooses alone. */
    @Test
    void fastPathsKnowTheirContainerOnly() {
        pathKnowsOnly(".*\\.Jetty(Path|Loopback)(\\$.*)?", "org.eclipse.jetty..");
        pathKnowsOnly(".*\\.Undertow(Path|Loopback)(\\$.*)?", "io.undertow..", "org.xnio..");
        noClasses()
                .that()
                .haveNameNotMatching(KNOWS_A_CONTAINER)
                .and()
                .doNotHaveSimpleName("FastPaths")
                .should()
                .dependOnClassesThat()
                .haveNameMatching(KNOWS_A_CONTAINER)
                .check(PUBLISHED);
    }

    private static void pathKnowsOnly(String path, String... container) {
        classes()
                .that()
                .haveNameMatching(path)
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage(container)
                        .or(resideInAnyPackage(
                                "dev.fanfare",
                                "dev.fanfare.jakarta",
                                "jakarta.websocket..",
                                "java..",
                                "org.jspecify..")))
                .check(PUBLISHED);
    }

    /** The rest loads where there are no servlets. */
    @Test
    void filterAndScannedApplicationsAloneKnowServlets() {
        DescribedPredicate<JavaClass> servlets =
                belongToAnyOf(HandshakeFilter.class, BroadcastApplication.class, BroadcastScan.class, Deployment.class);
        noClasses()
                .that(not(servlets))
                .should()
                .dependOnClassesThat(resideInAnyPackage("jakarta.servlet.."))
                .orShould()
                .dependOnClassesThat(servlets)
                .check(PUBLISHED);
    }

    /** An application that is deployed twice, or again, shares nothing. */
    @Test
    void nothingStaticChanges() {
        fields().that()
                .areStatic()
                .and()
                .doNotHaveModifier(JavaModifier.SYNTHETIC)
                .should()
                .beFinal()
                .check(PUBLISHED);
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
}
