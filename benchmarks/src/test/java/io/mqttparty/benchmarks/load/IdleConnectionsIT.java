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
 * shell raises before it starts them.
 */
class IdleConnectionsIT {
    private static final int CONNECTIONS = 20_000;
    private static final int OPEN_FILES = 32_768;
    private static final int SAMPLE = 200;

    @Test
    void twentyThousandConnections_heapOf256MiB_allAreServed() throws IOException, InterruptedException {
        requireOpenFiles();
        List<String> brokerCommand = withOpenFiles(Program.java(List.of("-Xmx256m"), BrokerMain.class));
        try (BrokerProcess broker = BrokerProcess.thatTellsItsPort(brokerCommand)) {
            long heapBefore = Long.parseLong(broker.program().ask("heap"));
            List<String> clientsCommand = withOpenFiles(Program.java(
                    List.of("-Xmx256m"), IdleMain.class, "" + broker.address().getPort(), "" + CONNECTIONS));
            try (Program clients = Program.start(clientsCommand)) {
                assertThat(clients.line()).as("clients that got their SUBACK").isEqualTo("" + CONNECTIONS);
                assertThat(broker.program().ask("connections")).isEqualTo("" + CONNECTIONS);
                assertThat(clients.ask("" + SAMPLE)).as("messages received").isEqualTo("" + SAMPLE);

                long heap = Long.parseLong(broker.program().ask("heap"));
                long perConnection = (heap - heapBefore) / CONNECTIONS;
                System.out.printf(
                        "live heap %d KiB, %d B per connection; resident %d KiB%n",
                        heap / 1024, perConnection, broker.program().residentBytes() / 1024);
                assertThat(perConnection).as("live heap per connection, bytes").isLessThan(4_096);
                assertThat(broker.program().ask("connections"))
                        .as("after collections")
                        .isEqualTo("" + CONNECTIONS);
            }
        }
    }

    private static void requireOpenFiles() throws IOException, InterruptedException {
        boolean possible;
        try {
            possible =
                    new ProcessBuilder(withOpenFiles(List.of("true"))).start().waitFor() == 0;
        } catch (IOException e) { // no bash
            possible = false;
        }
        if (!possible) {
            String reason = "a limit of " + OPEN_FILES + " open files cannot be had here (ulimit -Hn, or run as root)";
            if ("required".equals(System.getProperty("mqttparty.tools"))) {
                fail(reason);
            }
            abort(reason);
        }
    }

    private static List<String> withOpenFiles(List<String> command) {
        List<String> wrapped =
                new ArrayList<>(List.of("bash", "-c", "ulimit -n " + OPEN_FILES + " && exec \"$@\"", "bash"));
        wrapped.addAll(command);
        return wrapped;
    }
}
