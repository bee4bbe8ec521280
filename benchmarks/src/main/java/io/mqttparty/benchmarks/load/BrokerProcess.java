package io.mqttparty.benchmarks.load;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A broker in a process of its own on the loopback interface. */
final class BrokerProcess implements AutoCloseable {
    private static final long START_NANOS = 30_000_000_000L;
    /** What {@code /proc} counts CPU time in: Linux has had 100 per second for all programs since ever. */
    private static final long TICK_NANOS = 10_000_000;

    private final Process process;
    private final BufferedReader answers;
    private final Writer questions;
    private final boolean answering;
    private final int port;

    private BrokerProcess(Process process, int port) throws IOException {
        this.process = process;
        this.answers = process.inputReader(StandardCharsets.US_ASCII);
        this.questions = new OutputStreamWriter(process.getOutputStream(), StandardCharsets.US_ASCII);
        this.answering = port == 0;
        this.port = port == 0 ? readPort() : port;
    }

    /** Starts a program that prints its port and then answers questions. */
    static BrokerProcess thatTellsItsPort(List<String> command) throws IOException {
        return new BrokerProcess(builder(command).start(), 0);
    }

    /** Starts a program that will listen on this port, and waits until it does. */
    static BrokerProcess onPort(List<String> command, int port) throws IOException {
        BrokerProcess broker = new BrokerProcess(builder(command).start(), port);
        broker.awaitListening();
        return broker;
    }

    private static ProcessBuilder builder(List<String> command) {
        return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
    }

    private int readPort() throws IOException {
        String line = answers.readLine();
        if (line == null) {
            throw new IOException("the broker ended at once: " + process.info().commandLine());
        }
        return Integer.parseInt(line);
    }

    private void awaitListening() throws IOException {
        long end = System.nanoTime() + START_NANOS;
        while (!isListening()) {
            if (!process.isAlive() || System.nanoTime() > end) {
                throw new IOException("nobody listens on port " + port);
            }
            Thread.onSpinWait();
        }
    }

    private boolean isListening() {
        try (Socket socket = new Socket()) {
            socket.connect(address());
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    InetSocketAddress address() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    /** What the process has spent. */
    Counts counts() throws IOException {
        return answering ? Counts.of(cpuNanos(), ask("counters")) : Counts.ofCpu(cpuNanos());
    }

    /** The answer of a program that gives some. */
    String ask(String question) throws IOException {
        questions.write(question + "\n");
        questions.flush();
        String answer = answers.readLine();
        if (answer == null) {
            throw new IOException("the broker has ended");
        }
        return answer;
    }

    /** User and system time of all its threads. */
    long cpuNanos() throws IOException {
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

    @Override
    public void close() throws IOException {
        process.getOutputStream().close();
        if (!answering) {
            process.destroy();
        }
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
