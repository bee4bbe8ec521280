package io.mqttparty.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A listener that runs out of file descriptors, in a process of its own. */
@EnabledOnOs(OS.LINUX)
class FewFilesTest {
    private static final int DESCRIPTORS = 150;

    @TempDir
    private Path directory;

    @ParameterizedTest
    @EnumSource(names = {"NIO", "EPOLL"})
    void accept_noDescriptorLeft_waitsWithoutSpinningAndRecovers(IoModel model) throws IOException {
        Path log = directory.resolve("log");
        Process process = start(model, log);
        List<Socket> clients = new ArrayList<>();
        try (BufferedReader output = process.inputReader()) {
            int port = Integer.parseInt(output.readLine());
            clients.add(connect(port));
            assertEcho(clients.get(0)); // Loads what an echo takes; classes are files too.
            for (int i = 0; i < 2 * DESCRIPTORS; i++) {
                clients.add(connect(port));
            }
            await().until(() -> warnings(log) > 0);
            assertEcho(clients.get(0));

            long before = cpuNanos(process, output);
            await().pollDelay(Duration.ofSeconds(2)).until(() -> true); // Not for something: nothing may happen.
            assertThat(cpuNanos(process, output) - before).isLessThan(TimeUnit.MILLISECONDS.toNanos(400));
            assertThat(warnings(log)).isEqualTo(1);

            for (Socket client : clients.subList(0, DESCRIPTORS + 50)) {
                client.close();
            }
            for (Socket client : clients.subList(DESCRIPTORS + 50, clients.size())) {
                assertEcho(client);
            }
        } finally {
            process.destroy();
            for (Socket client : clients) {
                client.close();
            }
        }
    }

    private static Process start(IoModel model, Path log) throws IOException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        return new ProcessBuilder(
                        "sh",
                        "-c",
                        "ulimit -n " + DESCRIPTORS + "; exec \"$@\"",
                        "sh",
                        java,
                        "-cp",
                        System.getProperty("java.class.path"),
                        FewFiles.class.getName(),
                        model.name())
                .redirectError(log.toFile())
                .start();
    }

    private static Socket connect(int port) throws IOException {
        Socket client = new Socket(InetAddress.getLoopbackAddress(), port);
        client.setSoTimeout(10_000);
        return client;
    }

    private static void assertEcho(Socket client) throws IOException {
        client.getOutputStream().write(1);
        assertThat(client.getInputStream().read()).isEqualTo(1);
    }

    private static long cpuNanos(Process process, BufferedReader output) throws IOException {
        process.outputWriter().append("cpu\n").flush();
        return Long.parseLong(output.readLine());
    }

    private static long warnings(Path log) {
        try {
            return Files.readAllLines(log).stream()
                    .filter(line -> line.contains("cannot accept"))
                    .count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
