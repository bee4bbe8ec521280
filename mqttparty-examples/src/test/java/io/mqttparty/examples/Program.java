package io.mqttparty.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A Java program as a process of its own, with what it prints. */
final class Program implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Process process;
    private final Path out;
    private final Path err;

    private Program(Process process, Path out, Path err) {
        this.process = process;
        this.out = out;
        this.err = err;
    }

    /** The standalone jar as the build has made it. */
    static Program standalone(Path directory, Map<String, String> environment, String... options) {
        List<String> arguments = new ArrayList<>(List.of("-jar", jar()));
        arguments.addAll(List.of(options));
        return java(directory, environment, arguments);
    }

    /** Another class with a main method in that jar. */
    static Program inJar(Path directory, String mainClass, String... options) {
        List<String> arguments = new ArrayList<>(List.of("-cp", jar(), mainClass));
        arguments.addAll(List.of(options));
        return java(directory, Map.of(), arguments);
    }

    private static String jar() {
        Path jar = Path.of("target", "mqttparty-standalone.jar");
        assertThat(jar).as("built by the phase package").exists();
        return jar.toString();
    }

    /** A class with a main method, on the class path of the tests. */
    static Program mainClass(Path directory, Class<?> type, String... jvmOptions) {
        List<String> arguments = new ArrayList<>(List.of(jvmOptions));
        arguments.addAll(List.of("-cp", System.getProperty("java.class.path"), type.getName()));
        return java(directory, Map.of(), arguments);
    }

    private static Program java(Path directory, Map<String, String> environment, List<String> arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-XX:TieredStopAtLevel=1"));
        command.addAll(arguments);
        Path out = directory.resolve("out.txt");
        Path err = directory.resolve("err.txt");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("MQTTPARTY_") || name.startsWith("JAVA_TOOL"));
        builder.environment().putAll(environment);
        try {
            return new Program(builder.start(), out, err);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits for the first line of standard output. */
    String firstLine() {
        await().atMost(PATIENCE).until(() -> text(out).contains("\n") || !process.isAlive());
        assertThat(text(out)).as("standard output; errors: %s", text(err)).contains("\n");
        return out().get(0);
    }

    List<String> out() {
        return text(out).lines().toList();
    }

    List<String> err() {
        return text(err).lines().toList();
    }

    /** SIGTERM. */
    Program terminate() {
        process.destroy();
        return this;
    }

    /** SIGKILL. */
    void kill() {
        process.destroyForcibly().onExit().join();
    }

    int exitCode() throws InterruptedException {
        assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .as("it ended")
                .isTrue();
        return process.exitValue();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
