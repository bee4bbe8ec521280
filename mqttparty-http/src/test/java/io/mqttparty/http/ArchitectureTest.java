package io.mqttparty.http;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** The architecture of the HTTP bridge, as rules without exclusions: a package imports only packages of a lower level. */
final class ArchitectureTest {
    private static final String ROOT = "io.mqttparty.http";
    private static final int AT_LEAST_CLASSES = 60;

    /** Whoever adds a package adds its level. */
    private static final Map<String, Integer> LEVELS = Map.ofEntries(
            entry(ROOT, 4),
            entry(ROOT + ".internal.uplink", 3),
            entry(ROOT + ".internal.server", 3),
            entry(ROOT + ".internal.downlink", 2),
            entry(ROOT + ".internal.signature", 2),
            entry(ROOT + ".internal.decision", 2),
            entry(ROOT + ".internal.outbox", 2),
            entry(ROOT + ".internal.client", 1),
            entry(ROOT + ".internal.text", 0),
            entry(ROOT + ".spi", 0));

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages(ROOT);

    @Test
    void scan_seesTheClassesAndTheirPackages() {
        assertThat(CLASSES).hasSizeGreaterThanOrEqualTo(AT_LEAST_CLASSES);
        assertThat(packages()).extracting(JavaPackage::getName).hasSameElementsAs(LEVELS.keySet());
    }

    @Test
    void imports_betweenPackages_goToALowerLevel() {
        List<String> upwards = CLASSES.stream()
                .flatMap(each -> each.getDirectDependenciesFromSelf().stream())
                .filter(ArchitectureTest::isUpwards)
                .map(Dependency::getDescription)
                .toList();

        assertThat(upwards).isEmpty();
    }

    private static boolean isUpwards(Dependency dependency) {
        String from = dependency.getOriginClass().getPackageName();
        String to = dependency.getTargetClass().getBaseComponentType().getPackageName();
        Integer level = LEVELS.get(to);
        return !from.equals(to) && level != null && LEVELS.get(from) <= level;
    }

    @Test
    void bridge_knowsNoOtherModuleAndNoLoggingBackEnd() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.mqttparty.netty..",
                        "io.mqttparty.redis..",
                        "io.mqttparty.testkit..",
                        "io.mqttparty.internal..",
                        "org.slf4j..",
                        "java.util.logging..")
                .check(CLASSES);
    }

    @Test
    void netty_isKnownToTheServerAlone() {
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + ".internal.server")
                .and()
                .haveNameNotMatching(".*\\.DownlinkServer(\\$Builder)?")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.netty..")
                .check(CLASSES);
    }

    @Test
    void packages_areNullMarked() {
        assertThat(packages())
                .allSatisfy(each -> assertThat(each.isAnnotatedWith(NullMarked.class))
                        .as(each.getName())
                        .isTrue());
    }

    private static Set<JavaPackage> packages() {
        return CLASSES.stream().map(JavaClass::getPackage).collect(Collectors.toSet());
    }
}
