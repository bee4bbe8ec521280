package io.mqttparty.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.net.SocketAddress;
import java.time.Clock;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** The architecture of core, as rules without exclusions. */
final class ArchitectureTest {
    /** A scan that saw fewer classes saw nothing, and would pass every rule. Raise it as core grows. */
    private static final int AT_LEAST_CLASSES = 300;

    private static final JavaClasses CORE = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages(Levels.ROOT);

    @Test
    void scan_ofCore_seesItsClasses() {
        assertThat(CORE).hasSizeGreaterThanOrEqualTo(AT_LEAST_CLASSES);
    }

    @Test
    void packages_ofCore_haveALevel() {
        assertThat(packagesWithClasses())
                .extracting(JavaPackage::getName)
                .allSatisfy(name -> assertThat(Levels.isKnown(name)).as(name).isTrue());
    }

    @Test
    void imports_betweenPackages_goToALowerLevel() {
        classes().should(importOnlyLowerLevels()).check(CORE);
    }

    @Test
    void packages_ofCore_haveNoCycle() {
        slices().assignedFrom(eachPackage()).should().beFreeOfCycles().check(CORE);
    }

    @Test
    void core_dependsOnTheJdkAndItselfOnly() {
        classes()
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("java..", "jdk.jfr..", "org.jspecify.annotations", "io.mqttparty..")
                .check(CORE);
    }

    @Test
    void core_logsThroughSystemLoggerOnly() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.util.logging..", "org.slf4j..")
                .check(CORE);
    }

    @Test
    void protocolCode_doesNoIoAndStartsNoThread() {
        noClasses()
                .that()
                .resideInAnyPackage(protocolPackages())
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.io", "java.nio.channels..", "java.nio.file..")
                .orShould()
                .dependOnClassesThat(resideInAPackage("java.net..").and(not(type(SocketAddress.class))))
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(Thread.class)
                .allowEmptyShould(true)
                .check(CORE);
    }

    @Test
    void protocolCode_readsNoClock() {
        noClasses()
                .that()
                .resideInAnyPackage(protocolPackages())
                .should()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(Clock.class)
                .allowEmptyShould(true)
                .check(CORE);
    }

    @Test
    void packages_ofCore_areNullMarked() {
        assertThat(packagesWithClasses())
                .allSatisfy(each -> assertThat(each.isAnnotatedWith(NullMarked.class))
                        .as(each.getName())
                        .isTrue());
    }

    private static Set<JavaPackage> packagesWithClasses() {
        return CORE.stream().map(JavaClass::getPackage).collect(Collectors.toSet());
    }

    private static String[] protocolPackages() {
        return new String[] {
            "io.mqttparty.model",
            "io.mqttparty.internal.util",
            "io.mqttparty.internal.packet",
            "io.mqttparty.internal.routing",
            "io.mqttparty.internal.codec",
            "io.mqttparty.internal.session"
        };
    }

    private static ArchCondition<JavaClass> importOnlyLowerLevels() {
        return new ArchCondition<>("import only packages of a lower level") {
            @Override
            public void check(JavaClass origin, ConditionEvents events) {
                origin.getDirectDependenciesFromSelf().stream()
                        .filter(each -> isOfCore(each.getTargetClass().getBaseComponentType()))
                        .filter(each -> !isAllowed(each))
                        .forEach(each -> events.add(SimpleConditionEvent.violated(each, each.getDescription())));
            }
        };
    }

    private static boolean isOfCore(JavaClass type) {
        return type.getPackageName().equals(Levels.ROOT)
                || type.getPackageName().startsWith(Levels.ROOT + ".");
    }

    private static boolean isAllowed(Dependency dependency) {
        return Levels.mayImport(
                dependency.getOriginClass().getPackageName(),
                dependency.getTargetClass().getBaseComponentType().getPackageName());
    }

    private static SliceAssignment eachPackage() {
        return new SliceAssignment() {
            @Override
            public SliceIdentifier getIdentifierOf(JavaClass type) {
                return SliceIdentifier.of(type.getPackageName());
            }

            @Override
            public String getDescription() {
                return "packages";
            }
        };
    }
}
