package io.mqttparty.examples;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import io.mqttparty.testkit.SocketPipe;
import io.mqttparty.testkit.TestClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The jar, as whoever runs it sees it. */
class StandaloneIT {
    private static final Pattern READY =
            Pattern.compile("mqttparty ready node=(\\S+) mqtt=(\\d+) http=(\\d+|-) ws=- tls=- backend=memory");

    @TempDir
    Path directory;

    @Test
    void anonymousAllowed_portZero_oneReadyLineAndServes() throws Exception {
        try (Program program = start("--mqtt-port", "0", "--allow-anonymous", "--node-id", "edge-1")) {
            Matcher ready = ready(program);
            assertThat(ready.group(1)).matches("edge-1\\.[^.]{8}");
            try (TestClient client = TestClient.connected(connect(ready), "c")) {
                client.subscribed("t/#", 1).published("t/1", "hello", 1);
                client.expectPublish("t/1", "hello", 1);
            }
            assertThat(program.terminate().exitCode()).isZero();
            assertThat(program.out()).hasSize(1);
            assertThat(program.err()).allMatch(line -> line.contains(" INFO "));
        }
    }

    @Test
    void sigterm_clientConnected_connectionClosedAndExit0() throws Exception {
        try (Program program = start("--mqtt-port", "0", "--allow-anonymous");
                TestClient client = TestClient.connected(connect(ready(program)), "c")) {
            program.terminate();
            client.expectClosed();
            assertThat(program.exitCode()).isZero();
            assertThat(program.err()).allMatch(line -> line.contains(" INFO "));
        }
    }

    @Test
    void maxInflight_two_thirdMessageWaitsForPuback() {
        try (Program program = start("--mqtt-port", "0", "--allow-anonymous", "--max-inflight", "2");
                TestClient client = TestClient.connected(connect(ready(program)), "c")) {
            client.subscribed("t", 1);
            for (String payload : new String[] {"1", "2", "3"}) {
                client.published("t", payload, 1);
            }
            int first = client.expectPublish("t", "1", 1).packetId();
            client.expectPublish("t", "2", 1);
            client.pingreq().expectPingresp(); // Nothing came before it.
            client.puback(first).expectPublish("t", "3", 1);
        }
    }

    @Test
    void upstream_twoRoutes_backendGetsWhatMatches() throws Exception {
        Queue<String> requests = new ConcurrentLinkedQueue<>();
        HttpServer backend = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        backend.createContext("/", exchange -> {
            String body = new String(exchange.getRequestBody().readAllBytes(), US_ASCII);
            requests.add(exchange.getRequestURI() + " " + body);
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        backend.start();
        String url = "http://127.0.0.1:" + backend.getAddress().getPort();
        try (Program program = start(
                        "--mqtt-port=0",
                        "--allow-anonymous",
                        "--upstream",
                        "a=b/#=" + url + "/one/{clientId}?q=1",
                        "--upstream",
                        "$SYS/clients/connected=" + url + "/events");
                TestClient client = TestClient.connected(connect(ready(program)), "c/1")) {
            client.published("a=b/x", "hello", 1).published("other", "not", 1);

            await().until(() -> requests.size() == 2);
            assertThat(requests)
                    .anyMatch(request -> request.startsWith("/events {\"event\":\"connected\",\"clientId\":\"c/1\""))
                    .contains("/one/c%2F1?q=1 hello");
            assertThat(program.terminate().exitCode()).isZero();
        } finally {
            backend.stop(0);
        }
    }

    @Test
    void users_fromTheEnvironment_onlyTheyConnect() {
        Map<String, String> environment =
                Map.of("MQTTPARTY_MQTT_PORT", "0", "MQTTPARTY_USER", "anna:secret:a\nben:secret-b");
        try (Program program = Program.standalone(directory, environment)) {
            Matcher ready = ready(program);
            assertConnack(ready, "anna", "secret:a", 0);
            assertConnack(ready, "ben", "secret-b", 0);
            assertConnack(ready, "ben", "secret:a", 4);
            assertConnack(ready, "carl", "secret-b", 4);
            assertThat(TestClient.connect(connect(ready), c -> c.clientId("c")).expectConnack(4, false))
                    .isNotNull();
        }
    }

    @Test
    void proxyProtocol_withAndWithoutHeader_servedAndClosed() {
        try (Program program = start("--mqtt-port", "0", "--proxy-protocol", "--allow-anonymous")) {
            Matcher ready = ready(program);
            SocketPipe proxied = connect(ready);
            proxied.send("PROXY TCP4 192.0.2.7 127.0.0.1 40000 1883\r\n".getBytes(US_ASCII));
            TestClient.connected(proxied, "c").close();
            TestClient.connect(connect(ready), c -> c.clientId("c")).expectClosed();
        }
    }

    @Test
    void httpPort_withTokens_apiReachesTheDevice() throws Exception {
        Map<String, String> environment = Map.of("MQTTPARTY_DOWNLINK_TOKEN", "old\nnew");
        try (Program program = Program.standalone(
                directory, environment, "--mqtt-port", "0", "--http-port", "0", "--allow-anonymous")) {
            Matcher ready = ready(program);
            try (TestClient device = TestClient.connected(connect(ready), "lamp")) {
                assertThat(post(ready, "wrong").statusCode()).isEqualTo(401);
                for (String token : new String[] {"old", "new"}) {
                    assertThat(post(ready, token).statusCode()).isEqualTo(200);
                    device.expectPublish("switch", "on", 1);
                }
            }
            assertThat(program.terminate().exitCode()).isZero();
        }
    }

    @Test
    void httpPort_unauthenticated_everybodyIsServed() {
        try (Program program =
                start("--mqtt-port", "0", "--http-port", "0", "--downlink-unauthenticated", "--allow-anonymous")) {
            assertThat(post(ready(program), "any").statusCode()).isEqualTo(404);
        }
    }

    private static HttpResponse<String> post(Matcher ready, String token) {
        URI uri = URI.create("http://127.0.0.1:" + ready.group(3) + "/v1/clients/lamp/messages?topic=switch");
        HttpRequest request = HttpRequest.newBuilder(uri)
                .header("Authorization", "Bearer " + token)
                .POST(HttpRequest.BodyPublishers.ofString("on"))
                .build();
        return HttpClient.newHttpClient()
                .sendAsync(request, HttpResponse.BodyHandlers.ofString())
                .join();
    }

    @Test
    void httpPort_inUse_oneLineAndExit1() throws Exception {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = String.valueOf(other.getLocalPort());
            try (Program program =
                    start("--mqtt-port", "0", "--http-port", port, "--downlink-token=t", "--allow-anonymous")) {
                assertThat(program.exitCode()).isEqualTo(1);
                assertThat(program.err())
                        .last()
                        .asString()
                        .startsWith("mqttparty: http downlink on 127.0.0.1:" + port + ": cannot bind: ");
                assertThat(program.out()).isEmpty();
            }
        }
    }

    @Test
    void port_inUse_oneLineAndExit1() throws Exception {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = String.valueOf(other.getLocalPort());
            try (Program program = start("--mqtt-port", port, "--allow-anonymous")) {
                assertThat(program.exitCode()).isEqualTo(1);
                assertThat(program.err())
                        .containsExactly(
                                "mqttparty: tcp listener 127.0.0.1:" + port + ": cannot bind: Address already in use");
                assertThat(program.out()).isEmpty();
            }
        }
    }

    @Test
    void option_ofALaterRelease_oneLineAndExit2() throws Exception {
        try (Program program = start("--tls-port", "8883", "--allow-anonymous")) {
            assertThat(program.exitCode()).isEqualTo(2);
            assertThat(program.err()).containsExactly("mqttparty: unknown option: --tls-port (see --help)");
            assertThat(program.out()).isEmpty();
        }
    }

    @Test
    void version_asked_thatOfTheBuild() throws Exception {
        try (Program program = start("--version")) {
            assertThat(program.exitCode()).isZero();
            assertThat(program.firstLine()).matches("mqttparty \\d+\\.\\d+\\.\\d+.*");
        }
    }

    @Test
    void hello_started_serves() throws IOException {
        try (Program program = Program.mainClass(directory, HelloBroker.class, "-Dport=0")) {
            String line = program.firstLine();
            assertThat(line).matches("MQTT on port \\d+");
            int port = Integer.parseInt(line.replaceAll("\\D", ""));
            try (TestClient client = TestClient.connected(SocketPipe.connect("127.0.0.1", port), "c")) {
                client.subscribed("t", 0).published("t", "hello", 0).expectPublish("t", "hello");
            }
        }
    }

    private Program start(String... options) {
        return Program.standalone(directory, Map.of(), options);
    }

    private static Matcher ready(Program program) {
        Matcher ready = READY.matcher(program.firstLine());
        assertThat(ready.matches()).as(program.firstLine()).isTrue();
        return ready;
    }

    private static SocketPipe connect(Matcher ready) {
        return SocketPipe.connect("127.0.0.1", Integer.parseInt(ready.group(2)));
    }

    private static void assertConnack(Matcher ready, String name, String password, int code) {
        try (TestClient client = TestClient.connect(
                connect(ready), c -> c.clientId("c-" + name).username(name).password(password))) {
            client.expectConnack(code, false);
        }
    }
}
