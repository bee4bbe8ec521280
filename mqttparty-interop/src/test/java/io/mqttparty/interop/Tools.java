package io.mqttparty.interop;

import static org.junit.jupiter.api.Assertions.fail;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** Programs that may be missing. Without one a test is skipped; under {@code -Dmqttparty.tools=required} it fails. */
final class Tools {
    private Tools() {}

    static void requireProgram(String name) {
        boolean found = Stream.concat(
                        Arrays.stream(System.getenv("PATH").split(File.pathSeparator)), Stream.of("/usr/sbin"))
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, name)));
        require(found, name + ": not on the PATH");
    }

    static void requireDirectory(Path directory, String hint) {
        require(Files.isDirectory(directory), directory + ": not there (" + hint + ")");
    }

    private static void require(boolean found, String message) {
        if (!found && System.getProperty("mqttparty.tools", "").equals("required")) {
            fail(message);
        }
        Assumptions.assumeTrue(found, message);
    }
}
