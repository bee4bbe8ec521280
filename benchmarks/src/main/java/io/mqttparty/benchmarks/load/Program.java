package io.mqttparty.benchmarks.load;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A process of its own that is asked line by line. What it writes to its standard error appears on ours. */
public final class Program implements AutoCloseable {
    /** What {@code /proc} counts CPU time in: Linux has had 100 per second for all programs since ever. */
    private static final long TICK_NANOS = 10_000_000;

    private final Process process;
    private final BufferedReader answers;
    private final Writer questions;

    private Program(Process process) {
        this.process = process;
        this.answers = process.inputReader(StandardCharsets.US_ASCII);
        this.questions = new OutputStreamWriter(process.getOutputStream(), StandardCharsets.US_ASCII);
    }

    /** Starts a command. */
    public static Program start(List<String> command) throws IOException {
        return new Program(new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start());
    }

    /** The JVM that runs this. */
    static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    /** The command that runs a main class on this class path. */
    public static List<String> java(List<String> jvmArguments, Class<?> main, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(java());
        command.addAll(jvmArguments);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(List.of(arguments));
        return command;
    }

    /** The next line that it prints. */
    public String line() throws IOException {
        String line = answers.readLine();
        if (line == null) {
            throw new IOException("ended: " + process.info().commandLine().orElse("the program"));
        }
        return line;
    }

    /** Writes a line to it and returns the next that it prints. */
    public String ask(String question) throws IOException {
        questions.write(question + "\n");
        questions.flush();
        return line();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** User and system time of all its threads. */
    public long cpuNanos() throws IOException {
        String stat = Files.readString(Path.of("/proc/" + process.pid() + "/stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) * TICK_NANOS;
    }

    /** The memory of the process that is in RAM. */
    long residentBytes() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/" + process.pid() + "/status"))) {
            if (line.startsWith("VmRSS:")) {
                return Long.parseLong(line.replaceAll("\\D", "")) * 1024;
            }
        }
        return 0;
    }

    /** The files that it has open, sockets among them. */
    int openFiles() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("/proc/" + process.pid() + "/fd"))) {
            return (int) files.count();
        }
    }

    /** Asks it to end, in the way of programs that do not look at their standard input. */
    void terminate() {
        process.destroy();
    }

    /** Ends its standard input and waits until it has ended, if need be by force. */
    @Override
    public void close() throws IOException {
        process.getOutputStream().close();
        try {
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
