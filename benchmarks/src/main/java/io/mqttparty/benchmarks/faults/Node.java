package io.mqttparty.benchmarks.faults;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A standalone broker in a process of its own, on one Redis with others. It keeps its port over restarts. For one thread, except {@link #port}. */
final class Node implements AutoCloseable {
    private static final Pattern READY = Pattern.compile("mqttparty ready node=(\\S+) mqtt=(\\d+) .*");

    private final String name;
    private final List<String> options;
    private final Path log;
    private volatile int port;
    private @Nullable Process process;
    private boolean paused;

    private Node(String name, List<String> options, Path log) {
        this.name = name;
        this.options = options;
        this.log = log;
    }

    /** Starts one, and waits until it serves. */
    static Node start(String name, String redisUri, String... moreOptions) {
        List<String> options = new ArrayList<>(List.of("--redis", redisUri, "--node-id", name, "--allow-anonymous"));
        options.addAll(List.of(moreOptions));
        try {
            Node node = new Node(name, options, Files.createTempFile("mqttparty-" + name + "-", ".log"));
            node.restart();
            return node;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts it again after it was killed. */
    void restart() {
        try {
            List<String> command = new ArrayList<>(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Xmx192m",
                    "-XX:+UseSerialGC",
                    "-XX:TieredStopAtLevel=1",
                    "-jar",
                    Standalones.jar().toString(),
                    "--mqtt-port",
                    Integer.toString(port)));
            command.addAll(options);
            Process started = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .start();
            process = started;
            port = awaitReady(started);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private int awaitReady(Process started) throws IOException {
        BufferedReader out = started.inputReader(StandardCharsets.UTF_8);
        String line = out.readLine();
        Matcher ready = READY.matcher(line == null ? "" : line);
        if (!ready.matches()) {
            throw new IOException("node " + name + " does not serve: " + line + "\n" + logText());
        }
        return Integer.parseInt(ready.group(2));
    }

    String name() {
        return name;
    }

    /** Where its clients connect; any thread. */
    int port() {
        return port;
    }

    boolean isAlive() {
        Process running = process;
        return running != null && running.isAlive();
    }

    /** {@code kill -9}. */
    void kill() {
        Process running = process;
        if (running != null) {
            running.destroyForcibly();
            awaitEnd(running);
            process = null;
        }
    }

    /** SIGTERM, and waits for the end. */
    int terminate() {
        Process running = process;
        if (running == null) {
            return 0;
        }
        running.destroy();
        awaitEnd(running);
        process = null;
        return running.exitValue();
    }

    /** SIGSTOP. */
    void pause() {
        signal("-STOP");
        paused = true;
    }

    /** SIGCONT. */
    void resume() {
        signal("-CONT");
        paused = false;
    }

    private void signal(String which) {
        Process running = process;
        if (running == null) {
            throw new IllegalStateException("node " + name + ": not running (expected: running)");
        }
        try {
            awaitEnd(new ProcessBuilder("kill", which, Long.toString(running.pid())).start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void awaitEnd(Process of) {
        try {
            if (!of.waitFor(30, TimeUnit.SECONDS)) {
                of.destroyForcibly();
                of.waitFor();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    /** What it wrote to its standard error. */
    String logText() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            return e.toString();
        }
    }

    @Override
    public void close() {
        if (paused) {
            resume();
        }
        kill();
        try {
            Files.deleteIfExists(log);
        } catch (IOException e) {
            log.toFile().deleteOnExit();
        }
    }
}
