package io.mqttparty.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;

/** What a user gets who imports {@code mqttparty-bom}. */
final class PublishedBomIT {
    private static final Path POM =
            Path.of(System.getProperty("mqttparty.root"), "mqttparty-bom", ".flattened-pom.xml");

    @Test
    void bom_published_hasAllPublishedModulesAtThisVersionAndNothingElse() throws Exception {
        Document pom = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(POM.toFile());
        int managed = pom.getElementsByTagName("dependency").getLength();

        assertThat(textsOf(pom, "parent")).isEmpty();
        assertThat(textsOf(pom, "artifactId"))
                .contains("mqttparty-core", "mqttparty-http", "mqttparty-netty", "mqttparty-redis", "mqttparty-testkit")
                .hasSize(1 + managed);
        assertThat(managed).isEqualTo(5);
        assertThat(textsOf(pom, "version")) // ${project.version} is the BOM's own, the first
                .startsWith(System.getProperty("mqttparty.version"))
                .isSubsetOf(System.getProperty("mqttparty.version"), "${project.version}");
    }

    private static List<String> textsOf(Document pom, String name) {
        NodeList found = pom.getElementsByTagName(name);
        return IntStream.range(0, found.getLength())
                .mapToObj(i -> found.item(i).getTextContent())
                .toList();
    }
}
