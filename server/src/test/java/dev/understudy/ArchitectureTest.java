package dev.understudy;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.io.File;
import java.net.Socket;
import java.time.Clock;
import java.time.Instant;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/** The architecture, as rules that fail: what Maven's modules cannot say. */
@AnalyzeClasses(packages = "dev.understudy", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    private static final String[] SANS_IO = {"..understudy.protocol..", "..understudy.media.."};

    @ArchTest
    static final ArchRule importsPointDownwards = layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .layer("server")
            .definedBy("..understudy.server..")
            .layer("control")
            .definedBy("..understudy.control..")
            .layer("media")
            .definedBy("..understudy.media..")
            .layer("protocol")
            .definedBy("..understudy.protocol..")
            .whereLayer("server")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("control")
            .mayOnlyBeAccessedByLayers("server")
            .whereLayer("media")
            .mayOnlyBeAccessedByLayers("server", "control");

    @ArchTest
    static final ArchRule packagesHaveNoCycles =
            slices().matching("dev.understudy.(**)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule protocolAndMediaHaveNoThreadsAndLocks = noClasses()
            .that()
            .resideInAnyPackage(SANS_IO)
            .should()
            .dependOnClassesThat(resideInAnyPackage("java.util.concurrent..").and(not(type(TimeUnit.class))))
            .orShould()
            .dependOnClassesThat(assignableTo(Thread.class))
            .because("a machine has one owner, and its owner decides on which thread");

    @ArchTest
    static final ArchRule protocolAndMediaHaveNoSocketsAndFiles = noClasses()
            .that()
            .resideInAnyPackage(SANS_IO)
            .should()
            .dependOnClassesThat(resideInAnyPackage("java.nio.channels..", "java.nio.file..", "java.net.http.."))
            .orShould()
            .dependOnClassesThat(assignableTo(Socket.class).or(assignableTo(File.class)))
            .because("bytes come in as arguments, so that a test needs no network")
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule protocolAndMediaReadNoClock = noClasses()
            .that()
            .resideInAnyPackage(SANS_IO)
            .should()
            .callMethod(Instant.class, "now")
            .orShould()
            .callMethod(System.class, "nanoTime")
            .orShould()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .dependOnClassesThat(assignableTo(Clock.class))
            .because("time is an argument, so that a test plays an hour in a millisecond");

    @ArchTest
    static final ArchRule protocolAndMediaHaveNoChanceAndNoLog = noClasses()
            .that()
            .resideInAnyPackage(SANS_IO)
            .should()
            .dependOnClassesThat(
                    assignableTo(Random.class).or(resideInAnyPackage("org.slf4j..", "java.util.logging..")))
            .because("what happens once can be made to happen again");

    @ArchTest
    static final ArchRule onlyWorkersLoadNativeCodecs = noClasses()
            .that()
            .resideOutsideOfPackage("..understudy.server.worker..")
            .should()
            .dependOnClassesThat(resideInAnyPackage("org.bytedeco.."))
            .because("a bad bitstream may end a worker, never a node");
}
