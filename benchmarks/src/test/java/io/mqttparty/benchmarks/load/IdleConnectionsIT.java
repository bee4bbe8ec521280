package io.mqttparty.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * 20,000 idle connections in a JVM with a heap of 256 MiB. Broker and clients are processes of their own, each with a limit of open files that a
 * shell raises before it starts them. Where the limit cannot be raised so far there are as many connections as it allows, and a heap that is
 * smaller by as much.
 */
class IdleConnectionsIT {
    private static final int CONNECTIONS = 20_000;
    private static final int FEWEST = 10_000;
    private static final int HEAP_MIB = 256;
    private static final int OPEN_FILES = 32_768;
    /** Files that a process may open for a moment. */
    private static final int SPARE_FILES = 8;

    private static final int SAMPLE = 200;
    private static final String RAISED = "ulimit -n " + OPEN_FILES + " 2>/dev/null || ulimit -n $(ulimit -Hn); ";

    @Test
    void idleConnections_heapOf256MiBFor20000_allAreServed() throws IOException {
        int limit = openFiles();
        if (limit < FEWEST) {
            skip("no limit of " + OPEN_FILES + " open files can be had here (see ulimit -Hn)");
        }
        int connections = Math.min(CONNECTIONS, limit - otherFiles());
        int heapMib = HEAP_MIB * connections / CONNECTIONS;
        String wanted = Integer.toString(connections);
        try (BrokerProcess broker = broker(heapMib)) {
            long heapBefore = Long.parseLong(broker.program().ask("heap"));
            String port = Integer.toString(broker.address().getPort());
            try (Program clients =
                    Program.start(raised(Program.java(List.of("-Xmx256m"), IdleMain.class, port, wanted)))) {
                assertThat(clients.line()).as("clients that got their SUBACK").isEqualTo(wanted);
                assertThat(broker.program().ask("connections")).isEqualTo(wanted);
                assertThat(clients.ask("" + SAMPLE)).as("messages received").isEqualTo("" + SAMPLE);

                long heap = Long.parseLong(broker.program().ask("heap"));
                long perConnection = (heap - heapBefore) / connections;
                System.out.printf(
                        "%d connections, -Xmx%dm: live heap %d KiB, %d B per connection, process %d KiB%n",
                        connections,
                        heapMib,
                        heap / 1024,
                        perConnection,
                        broker.program().residentBytes() / 1024);
                assertThat(perConnection).as("live heap per connection, bytes").isLessThan(4_000);
                assertThat(broker.program().ask("connections"))
                        .as("after collections")
                        .isEqualTo(wanted);
            }
        }
    }

    private static BrokerProcess broker(int heapMib) throws IOException {
        return BrokerProcess.thatTellsItsPort(raised(Program.java(List.of("-Xmx" + heapMib + "m"), BrokerMain.class)));
    }

    /** What a broker needs besides its connections. The clients need less: they have no event loops. */
    private static int otherFiles() throws IOException {
        try (BrokerProcess idle = broker(HEAP_MIB)) {
            return idle.program().openFiles() + SPARE_FILES;
        }
    }

    /** The limit of open files of a program that is started with {@link #raised}. */
    private static int openFiles() throws IOException {
        try (Program shell = Program.start(List.of("bash", "-c", RAISED + "ulimit -n"))) {
            String limit = shell.line();
            return limit.equals("unlimited") ? Integer.MAX_VALUE : Integer.parseInt(limit);
        } catch (IOException e) { // no bash
            return 0;
        }
    }

    private static void skip(String reason) {
        if ("required".equals(System.getProperty("mqttparty.tools"))) {
            fail(reason);
        }
        abort(reason);
    }

    private static List<String> raised(List<String> command) {
        List<String> wrapped = new ArrayList<>(List.of("bash", "-c", RAISED + "exec \"$@\"", "bash"));
        wrapped.addAll(command);
        return wrapped;
    }
}
