package io.mqttparty.conformance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The Java sources of all modules below the root of the project. */
record SourceTree(Path root) {
    private static final String MAIN = "src/main/java";
    private static final String TEST = "src/test/java";

    /** Its own fixtures name statements too. */
    private static final String THIS_MODULE = "mqttparty-conformance";

    /** Its product is tests: the contracts that stores and transports have to pass. */
    private static final String TESTKIT = "mqttparty-testkit";

    Evidence read() throws IOException {
        Evidence evidence = new Evidence();
        for (Path module : modules()) {
            boolean mainHoldsTests = module.endsWith(TESTKIT);
            for (Path file : javaFiles(module.resolve(MAIN))) {
                if (mainHoldsTests) {
                    evidence.addTest(name(file), Files.readString(file));
                } else {
                    evidence.addMain(name(file), Files.readString(file));
                }
            }
            for (Path file : javaFiles(module.resolve(TEST))) {
                evidence.addTest(name(file), Files.readString(file));
            }
        }
        return evidence;
    }

    private List<Path> modules() throws IOException {
        try (Stream<Path> children = Files.list(root)) {
            return children.filter(each -> Files.isRegularFile(each.resolve("pom.xml")))
                    .filter(each -> !each.endsWith(THIS_MODULE))
                    .sorted()
                    .toList();
        }
    }

    private static List<Path> javaFiles(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(each -> each.toString().endsWith(".java"))
                    .sorted()
                    .toList();
        }
    }

    private String name(Path file) {
        return root.relativize(file).toString().replace('\\', '/');
    }
}
