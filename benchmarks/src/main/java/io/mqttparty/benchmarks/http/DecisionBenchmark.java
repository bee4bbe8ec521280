package io.mqttparty.benchmarks.http;

import com.sun.net.httpserver.HttpServer;
import io.mqttparty.http.HttpAuthorizer;
import io.mqttparty.http.spi.DecisionCounter;
import io.mqttparty.model.ClientId;
import io.mqttparty.model.ClientInfo;
import io.mqttparty.model.ProtocolVersion;
import io.mqttparty.model.TopicName;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/** What a publish costs whose right the backend has granted before: the answer is kept, and nothing is asked. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = "-Xmx1g")
public class DecisionBenchmark {
    private static final int TOPICS = 1 << 12;

    /** An authorizer that knows all answers. */
    @State(Scope.Benchmark)
    public static class Known {
        private final ClientInfo client = new ClientInfo(
                ClientId.of("site-17-device-4711"),
                Optional.of("anna"),
                ProtocolVersion.MQTT_3_1_1,
                false,
                60,
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 1),
                "tcp",
                Map.of("tenant", "t1"));
        private final byte[][] topics = new byte[TOPICS][];
        private final HttpServer backend = startBackend();
        private final HttpAuthorizer authorizer = HttpAuthorizer.builder()
                .uri("http://127.0.0.1:" + backend.getAddress().getPort() + "/may")
                .build();

        private static HttpServer startBackend() {
            try {
                HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
                server.createContext("/", exchange -> {
                    exchange.getRequestBody().readAllBytes();
                    exchange.getResponseHeaders().set("Cache-Control", "max-age=3600");
                    exchange.sendResponseHeaders(204, -1);
                    exchange.close();
                });
                server.start();
                return server;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** Asks once for each topic. */
        @Setup
        public void ask() {
            for (int i = 0; i < TOPICS; i++) {
                topics[i] = ("sites/17/devices/4711/sensors/" + i + "/state").getBytes(StandardCharsets.US_ASCII);
                mayPublish(i);
            }
            if (authorizer.count(DecisionCounter.REQUESTS) != TOPICS || authorizer.cached() != TOPICS) {
                throw new IllegalStateException("answers: " + authorizer.cached() + " (expected: " + TOPICS + ")");
            }
        }

        /** Ends backend and authorizer. */
        @TearDown
        public void end() {
            authorizer.close();
            backend.stop(0);
        }

        TopicName topic(int number) {
            return TopicName.fromPeer(topics[number & TOPICS - 1]);
        }

        boolean mayPublish(int number) {
            return authorizer
                    .mayPublish(client, topic(number))
                    .toCompletableFuture()
                    .join();
        }
    }

    /** The next topic of a thread. */
    @State(Scope.Thread)
    public static class Next {
        private int number;

        int next() {
            return number++;
        }
    }

    /** The topic of a PUBLISH is decoded: what the others contain too. */
    @Benchmark
    public TopicName decode(Known known, Next next) {
        return known.topic(next.next());
    }

    /** It is decoded, and whether the client may publish to it is known. */
    @Benchmark
    public boolean decodeAndDecide(Known known, Next next) {
        return known.mayPublish(next.next());
    }

    /** The same on two event loops. */
    @Benchmark
    @Threads(2)
    public boolean decodeAndDecideOnTwoThreads(Known known, Next next) {
        return known.mayPublish(next.next());
    }
}
