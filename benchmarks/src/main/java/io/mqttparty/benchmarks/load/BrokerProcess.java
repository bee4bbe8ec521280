package io.mqttparty.benchmarks.load;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A broker in a process of its own on the loopback interface. */
public final class BrokerProcess implements AutoCloseable {
    private static final long START_NANOS = 30_000_000_000L;
    private static final Pattern READY = Pattern.compile("^mqttparty ready .* mqtt=(\\d+) ");

    private final Program program;
    private final boolean answering;
    private final int port;

    private BrokerProcess(Program program, boolean answering, int port) {
        this.program = program;
        this.answering = answering;
        this.port = port;
    }

    /** Starts a program that prints its port, perhaps after what its JVM has to say, and then answers questions. */
    public static BrokerProcess thatTellsItsPort(List<String> command) throws IOException {
        Program program = Program.start(command);
        String line = program.line();
        while (!line.matches("\\d{1,5}")) {
            line = program.line();
        }
        return new BrokerProcess(program, true, Integer.parseInt(line));
    }

    /** Starts the standalone jar and waits for its ready line. */
    static BrokerProcess thatIsReady(List<String> command) throws IOException {
        Program program = Program.start(command);
        String line = program.line();
        Matcher ready = READY.matcher(line);
        if (!ready.find()) {
            throw new IOException("not ready: " + line);
        }
        return new BrokerProcess(program, false, Integer.parseInt(ready.group(1)));
    }

    /** Starts a program that will listen on this port, and waits until it does. */
    static BrokerProcess onPort(List<String> command, int port) throws IOException {
        BrokerProcess broker = new BrokerProcess(Program.start(command), false, port);
        long end = System.nanoTime() + START_NANOS;
        while (!broker.isListening()) {
            if (!broker.program.isAlive() || System.nanoTime() > end) {
                throw new IOException("nobody listens on port " + port);
            }
            Thread.onSpinWait();
        }
        return broker;
    }

    private boolean isListening() {
        try (Socket socket = new Socket()) {
            socket.connect(address());
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** Where it listens. */
    public InetSocketAddress address() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    /** The process itself. */
    public Program program() {
        return program;
    }

    /** What the process has spent. */
    Counts counts() throws IOException {
        long cpuNanos = program.cpuNanos();
        return answering ? Counts.of(cpuNanos, program.ask("counters")) : Counts.ofCpu(cpuNanos);
    }

    @Override
    public void close() throws IOException {
        if (!answering) {
            program.terminate();
        }
        program.close();
    }
}
