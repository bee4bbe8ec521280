package io.mqttparty.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mqttparty.http.spi.DownlinkCounter;
import io.mqttparty.testkit.ServerPacket;
import io.mqttparty.testkit.TestClient;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Ten thousand callers at once, each on a connection of its own, wait for a device that is silent. */
class ManyCallersIT {
    private static final int CALLERS = 10_000;
    private static final int CONNECTIONS = 3_000;
    private static final int OPEN_REQUESTS = 2_000;

    @AutoClose
    private final ServedBroker served = ServedBroker.start(
            DownlinkHandler.builder().token(ServedBroker.TOKEN).openRequests(OPEN_REQUESTS),
            server -> server.connections(CONNECTIONS).requestTime(Duration.ofSeconds(60)),
            parts -> {});

    @Test
    void callers_tenThousandAtOnce_eachIsAnsweredAndNothingIsLeft() throws IOException {
        served.client("c");
        byte[] request = (RawHttp.head("POST", "/v1/clients/c/requests?timeout=10") + "Content-Length: 0\n\n")
                .replace("\n", "\r\n")
                .getBytes(StandardCharsets.ISO_8859_1);

        Map<Integer, Integer> answers = answers(request);

        // Who is too late for a connection gets 503, or is cut off; who is too late for a request 429; the device
        // answers nobody.
        assertThat(answers.keySet()).isSubsetOf(0, 429, 503, 504);
        assertThat(answers.values().stream().mapToInt(Integer::intValue).sum()).isEqualTo(CALLERS);
        // More of them wait than at a time if the first are over before the last come.
        assertThat(answers.get(504)).isGreaterThanOrEqualTo(OPEN_REQUESTS);
        assertThat(answers.getOrDefault(429, 0))
                .isEqualTo((int) served.server().count(DownlinkCounter.REQUESTS_REFUSED));
        assertThat(answers.getOrDefault(503, 0) + answers.getOrDefault(0, 0))
                .isEqualTo((int) served.server().count(DownlinkCounter.CONNECTIONS_REFUSED));
        await().atMost(20, TimeUnit.SECONDS).until(() -> served.server().connections() == 0);
        TestClient device = served.client("d");
        var after = served.send("POST", "/v1/clients/d/requests?topic=ask&replyTopic=stat", "");
        device.expect(ServerPacket.Publish.class);
        device.publish("stat", "on");
        assertThat(after)
                .succeedsWithin(Duration.ofSeconds(20))
                .satisfies(response -> assertThat(response.body()).isEqualTo("on"));
    }

    /** How many got which status; 0 is for those that were cut off. */
    private Map<Integer, Integer> answers(byte[] request) throws IOException {
        Map<Integer, Integer> answers = new HashMap<>();
        try (Selector selector = Selector.open()) {
            InetSocketAddress server =
                    new InetSocketAddress("127.0.0.1", served.server().port());
            for (int i = 0; i < CALLERS; i++) {
                SocketChannel caller = SocketChannel.open(server);
                caller.configureBlocking(false);
                write(caller, request, selector);
            }
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(90);
            while (!selector.keys().isEmpty() && System.nanoTime() < deadline) {
                selector.select(key -> read(key, answers), 1_000);
            }
            selector.keys().forEach(key -> count(answers, -1));
        }
        return answers;
    }

    private static void write(SocketChannel caller, byte[] request, Selector selector) throws IOException {
        try {
            caller.write(ByteBuffer.wrap(request));
        } catch (IOException e) { // refused before it could ask: the answer may be there all the same
        }
        caller.register(selector, SelectionKey.OP_READ);
    }

    private static void read(SelectionKey key, Map<Integer, Integer> answers) {
        try (SocketChannel caller = (SocketChannel) key.channel()) {
            ByteBuffer buffer = ByteBuffer.allocate(4_096);
            int read = caller.read(buffer);
            count(
                    answers,
                    read < 12 ? 0 : Integer.parseInt(new String(buffer.array(), 9, 3, StandardCharsets.US_ASCII)));
        } catch (IOException e) {
            count(answers, 0);
        }
    }

    private static void count(Map<Integer, Integer> answers, int status) {
        answers.merge(status, 1, Integer::sum);
    }
}
