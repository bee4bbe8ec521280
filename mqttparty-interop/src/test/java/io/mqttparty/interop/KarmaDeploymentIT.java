package io.mqttparty.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttparty.redis.fixture.RedisBinary;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** HAProxy, three nodes, Redis, the backend and a fleet, by the script that starts them all. */
@Timeout(value = 4, unit = TimeUnit.MINUTES)
final class KarmaDeploymentIT {
    private static final Path FOLDER = Path.of("..", "mqttparty-examples", "karma");
    private static final int PORTS = 30;
    private static final Pattern LEDGER = Pattern.compile(
            "ledger: heartbeats acknowledged (\\d+), seen by the backend (\\d+), lost (\\d+); commands done by devices (\\d+), "
                    + "of the backend: answered (\\d+) missed (\\d+) wrong (\\d+)");

    @TempDir
    Path directory;

    @BeforeAll
    static void programs() {
        Tools.requireProgram("haproxy");
        Tools.requireProgram("bash");
    }

    private static int freePorts() {
        for (int i = 0; i < 1_000; i++) {
            int first = ThreadLocalRandom.current().nextInt(20_000, 32_000 - PORTS);
            if (areFree(first)) {
                return first;
            }
        }
        throw new IllegalStateException("ports: no " + PORTS + " are free in a row");
    }

    private static boolean areFree(int first) {
        for (int port = first; port < first + PORTS; port++) {
            try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                assertThat(socket.isBound()).isTrue();
            } catch (IOException e) {
                return false;
            }
        }
        return true;
    }

    private List<String> run(int expectedExit, Map<String, String> environment, String... command)
            throws IOException, InterruptedException {
        Path out = directory.resolve("out.txt");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(out.toFile());
        builder.environment().putAll(environment);
        Process process = builder.start();
        try {
            assertThat(process.waitFor(3, TimeUnit.MINUTES)).as("it ends").isTrue();
        } finally {
            process.destroy(); // its end stops what it has started
        }
        List<String> lines = Files.readAllLines(out);
        assertThat(process.exitValue()).as(String.join("\n", lines)).isEqualTo(expectedExit);
        return lines;
    }

    @Test
    @Tag("fault")
    void deployment_nodesKilledUnderLoad_losesNothingThatWasAcknowledged() throws Exception {
        int port = freePorts();
        List<String> lines = run(
                0,
                Map.of(
                        "KARMA_PORT",
                        "" + port,
                        "REDIS_SERVER",
                        RedisBinary.find().path().toString(),
                        "JAVA",
                        Path.of(System.getProperty("java.home"), "bin", "java").toString()),
                "bash",
                FOLDER.resolve("run").toString(),
                "--seconds",
                "26",
                "--devices",
                "30",
                "--chaos");

        Matcher ledger = lines.stream()
                .map(LEDGER::matcher)
                .filter(Matcher::matches)
                .findFirst()
                .orElseThrow(() -> new AssertionError(String.join("\n", lines)));
        assertThat(Long.parseLong(ledger.group(1))).isGreaterThan(500);
        assertThat(ledger.group(3)).as("lost").isEqualTo("0");
        assertThat(Long.parseLong(ledger.group(5))).as("commands answered").isGreaterThan(50);
        assertThat(ledger.group(7)).as("answers of other commands").isEqualTo("0");
        assertThat(lines).anySatisfy(line -> assertThat(line).matches("karma: nodes killed: [23]"));
        assertThat(areFree(port)).as("all that was started is stopped").isTrue();
    }

    @Test
    void haproxy_acceptsTheConfiguration() throws Exception {
        List<String> command = new ArrayList<>(
                List.of("bash", "-c", "PATH=$PATH:/usr/sbin exec haproxy -c -f " + FOLDER.resolve("haproxy.cfg")));
        assertThat(run(
                        0,
                        Map.of(
                                "KARMA_MQTT", "20001",
                                "KARMA_HTTP", "20002",
                                "KARMA_NODE1_MQTT", "20003",
                                "KARMA_NODE1_HTTP", "20004",
                                "KARMA_NODE2_MQTT", "20005",
                                "KARMA_NODE2_HTTP", "20006",
                                "KARMA_NODE3_MQTT", "20007",
                                "KARMA_NODE3_HTTP", "20008"),
                        command.toArray(String[]::new)))
                .noneMatch(line -> line.contains("WARNING") || line.contains("ALERT"));
    }

    @Test
    void script_unknownArgument_saysWhichThereAre() throws Exception {
        assertThat(run(2, Map.of(), "bash", FOLDER.resolve("run").toString(), "--kaos"))
                .anyMatch(line -> line.contains("--chaos"));
    }
}
