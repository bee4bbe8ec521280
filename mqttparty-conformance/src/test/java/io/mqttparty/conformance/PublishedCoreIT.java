package io.mqttparty.conformance;

import static java.lang.module.ModuleDescriptor.Requires.Modifier.STATIC;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleDescriptor.Requires;
import java.lang.module.ModuleFinder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** What a user of {@code mqttparty-core} gets: a small jar that needs the JDK and nothing else. */
final class PublishedCoreIT {
    /** See docs/adr/0010-size-of-the-core-jar.md. */
    private static final int MAX_JAR_BYTES = 640 * 1024;

    private static final Path CORE = Path.of(System.getProperty("mqttparty.root"), "mqttparty-core");
    private static final Path JAR =
            CORE.resolve("target/mqttparty-core-" + System.getProperty("mqttparty.version") + ".jar");

    @Test
    void jar_ofCore_staysSmall() throws IOException {
        assertThat(Files.size(JAR)).isLessThan(MAX_JAR_BYTES);
    }

    @Test
    void module_ofCore_requiresJavaBaseOnly() {
        assertThat(moduleIn(JAR).requires())
                .filteredOn(each -> !each.modifiers().contains(STATIC))
                .extracting(Requires::name)
                .containsExactly("java.base");
    }

    @Test
    void module_ofCore_exportsNothingInternal() {
        ModuleDescriptor module = moduleIn(JAR);

        assertThat(module.exports())
                .extracting(ModuleDescriptor.Exports::source)
                .noneMatch(each -> each.contains("internal"));
    }

    @Test
    void pom_ofCore_hasNoDependencyAtCompileOrRunTime() throws Exception {
        assertThat(dependenciesIn(CORE.resolve(".flattened-pom.xml")))
                .allSatisfy(each -> assertThat(textOf(each, "scope")).isEqualTo("provided"))
                .allSatisfy(each -> assertThat(textOf(each, "optional")).isEqualTo("true"));
    }

    private static ModuleDescriptor moduleIn(Path jar) {
        return ModuleFinder.of(jar).find("io.mqttparty.core").orElseThrow().descriptor();
    }

    private static List<Element> dependenciesIn(Path pom) throws Exception {
        Document document =
                DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(pom.toFile());
        assertThat(document.getElementsByTagName("parent").getLength()).isZero();
        NodeList dependencies = document.getElementsByTagName("dependency");
        return IntStream.range(0, dependencies.getLength())
                .mapToObj(i -> (Element) dependencies.item(i))
                .toList();
    }

    private static String textOf(Element dependency, String child) {
        NodeList found = dependency.getElementsByTagName(child);
        return found.getLength() == 0 ? "" : found.item(0).getTextContent();
    }
}
