package io.mqttparty.benchmarks.http;

import io.mqttparty.MqttParty;
import io.mqttparty.http.HttpRoute;
import io.mqttparty.http.HttpUpstream;
import io.mqttparty.http.spi.HttpCounter;
import io.mqttparty.netty.NettyTransport;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;

/**
 * A node with the uplink alone in a process, and the raw load beside it, so that both have the same JVM and the same HTTP clients:
 * {@code UplinkNodeMain url}. It prints its MQTT port, answers {@code raw BYTES CONCURRENCY MILLIS} and {@code bare …} with the requests that it made in that time, with
 * the headers of events and without, and {@code direct …} with those that wait for the body only, anything else with the messages that the backend has, and ends with its standard input.
 */
public final class UplinkNodeMain {
    /** Clients and threads as the uplink makes them itself, but in view of the raw load. */
    private static final int HTTP_CLIENTS = 2;

    private static final int THREADS = 4;

    private UplinkNodeMain() {}

    /** Serves until standard input ends. */
    public static void main(String[] args) throws IOException {
        ExecutorService executor = Executors.newFixedThreadPool(THREADS);
        List<HttpClient> clients = Stream.generate(
                        () -> HttpClient.newBuilder().executor(executor).build())
                .limit(HTTP_CLIENTS)
                .toList();
        var uplink = HttpUpstream.builder()
                .route(HttpRoute.builder("load/#", args[0]).build());
        clients.forEach(uplink::httpClient);
        HttpUpstream upstream = uplink.build();
        try (MqttParty broker = MqttParty.builder()
                .listener(NettyTransport.tcp(0).host("127.0.0.1"))
                .allowAnonymous()
                .extension(upstream)
                .build()) {
            broker.start().toCompletableFuture().join();
            System.out.println(broker.port());
            URI url = URI.create(args[0]);
            answer(
                    upstream,
                    Map.of(
                            "raw", new RawLoad(clients, url, RawLoad.EVENT, false),
                            "bare", new RawLoad(clients, url, RawLoad.BARE, false),
                            "direct", new RawLoad(clients, url, RawLoad.EVENT, true)));
        } finally {
            executor.shutdown();
        }
    }

    private static void answer(HttpUpstream upstream, Map<String, RawLoad> loads) throws IOException {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            String[] words = line.split(" ", -1);
            RawLoad load = loads.get(words[0]);
            System.out.println(
                    load == null
                            ? upstream.count(HttpCounter.DELIVERED)
                            : load.run(
                                    Integer.parseInt(words[1]), Integer.parseInt(words[2]), Long.parseLong(words[3])));
        }
    }
}
