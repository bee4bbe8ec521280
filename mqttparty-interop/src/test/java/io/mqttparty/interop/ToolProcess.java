package io.mqttparty.interop;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** A program that runs beside the test. Both of its outputs are read all the time, line by line, as UTF-8. */
final class ToolProcess implements AutoCloseable {
    private final Process process;
    private final List<String> output = new CopyOnWriteArrayList<>();
    private final Thread reader = new Thread(this::read, "tool-output");
    /** mosquitto_sub would try for ever to reach the broker of a test run that has been stopped. */
    private final Thread onExit = new Thread(this::destroy, "tool-exit");

    private ToolProcess(Process process) {
        this.process = process;
        Runtime.getRuntime().addShutdownHook(onExit);
        reader.setDaemon(true);
        reader.start();
    }

    static ToolProcess start(Path directory, List<String> command) {
        try {
            return new ToolProcess(new ProcessBuilder(command)
                    .directory(directory.toFile())
                    .redirectErrorStream(true)
                    .start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void read() {
        try (var lines = process.inputReader(UTF_8)) {
            lines.lines().forEach(output::add);
        } catch (IOException | UncheckedIOException e) {
            output.add("output ended: " + e);
        }
    }

    /** Writes the lines to its input and ends that. The caller does not wait for the program to read them. */
    void feed(List<String> lines) {
        Thread writer = new Thread(() -> write(lines), "tool-input");
        writer.setDaemon(true);
        writer.start();
    }

    private void write(List<String> lines) {
        try (Writer input = process.outputWriter(UTF_8)) {
            for (String line : lines) {
                input.write(line);
                input.write('\n');
            }
        } catch (IOException e) {
            output.add("input ended: " + e);
        }
    }

    /** What it has printed so far. */
    List<String> output() {
        return List.copyOf(output);
    }

    /** Waits for a line. If it does not come, the process is killed. */
    void awaitLine(String expected) {
        try {
            // Not the process: what it printed last may still be on its way when it has ended.
            Deadline.waiting(expected).until(() -> output.contains(expected) || !reader.isAlive());
            assertThat(output).contains(expected);
        } catch (RuntimeException | AssertionError e) {
            close();
            throw new AssertionError("did not print '" + expected + "' but " + output, e);
        }
    }

    /** Waits until it has ended by itself, with success. */
    void awaitSuccess() {
        boolean ended = waitFor();
        assertThat(ended).as("has ended; output: %s", output).isTrue();
        assertThat(process.exitValue()).as("exit value; output: %s", output).isZero();
    }

    /** SIGTERM; waits for its success. */
    void terminate() {
        process.destroy();
        awaitSuccess();
    }

    /** SIGKILL; waits for its end. */
    void kill() {
        destroy();
        assertThat(waitFor()).as("was killed").isTrue();
    }

    private boolean waitFor() {
        try {
            boolean ended = process.waitFor(Deadline.STEP.toMillis(), TimeUnit.MILLISECONDS);
            if (ended) {
                reader.join(Deadline.STEP.toMillis());
            }
            return ended;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void destroy() {
        process.destroyForcibly();
    }

    @Override
    public void close() {
        kill();
        Runtime.getRuntime().removeShutdownHook(onExit);
    }
}
