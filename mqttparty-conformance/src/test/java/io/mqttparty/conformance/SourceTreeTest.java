package io.mqttparty.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SourceTreeTest {
    private static final String CITATION = "// [MQTT-1.0.0-1]";
    private static final String TAG = "@Tag(\"MQTT-1.0.0-1\")";

    @TempDir
    Path root;

    @Test
    void read_twoModules_mainImplementsAndTestShows() throws IOException {
        source("a/src/main/java/p/A.java", CITATION);
        source("b/src/test/java/p/BTest.java", TAG);

        Evidence evidence = new SourceTree(root).read();

        assertThat(evidence.implementationsOf("MQTT-1.0.0-1")).containsExactly("a/src/main/java/p/A.java");
        assertThat(evidence.testsOf("MQTT-1.0.0-1")).containsExactly("b/src/test/java/p/BTest.java");
    }

    @Test
    void read_testkit_mainShowsAndImplementsNothing() throws IOException {
        source("mqttparty-testkit/src/main/java/p/Contract.java", CITATION + "\n" + TAG);

        Evidence evidence = new SourceTree(root).read();

        assertThat(evidence.implementationsOf("MQTT-1.0.0-1")).isEmpty();
        assertThat(evidence.testsOf("MQTT-1.0.0-1")).containsExactly("mqttparty-testkit/src/main/java/p/Contract.java");
    }

    @Test
    void read_foldersThatAreNoModule_ignored() throws IOException {
        Files.createDirectories(root.resolve("docs/src/main/java"));
        Files.writeString(root.resolve("docs/src/main/java/A.java"), CITATION);
        source("mqttparty-conformance/src/main/java/A.java", CITATION);

        assertThat(new SourceTree(root).read().ids()).isEmpty();
    }

    private void source(String path, String text) throws IOException {
        Path file = root.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        Files.writeString(root.resolve(path.substring(0, path.indexOf('/'))).resolve("pom.xml"), "<project/>");
    }
}
