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
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;

/**
 * A node with the uplink alone in a process, and the raw load beside it, so that both have the same JVM and the same HTTP clients:
 * {@code UplinkNodeMain url}. It prints its MQTT port, answers {@code raw BYTES CONCURRENCY MILLIS} and {@code bare …} with the requests that it made in that time, with
 * the headers of events and without, anything else with the messages that the backend has, and ends with its standard input.
 */
public final class UplinkNodeMain {
    private static final int HTTP_CLIENTS = 2;
    private static final int THREADS = 2;

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
            answer(upstream, new RawLoad(clients, url, RawLoad.EVENT), new RawLoad(clients, url, RawLoad.BARE));
        } finally {
            executor.shutdown();
        }
    }

    private static void answer(HttpUpstream upstream, RawLoad raw, RawLoad bare) throws IOException {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            String[] words = line.split(" ", -1);
            System.out.println(
                    switch (words[0]) {
                        case "raw" -> run(raw, words);
                        case "bare" -> run(bare, words);
                        default -> upstream.count(HttpCounter.DELIVERED);
                    });
        }
    }

    private static String run(RawLoad load, String[] words) {
        return load.run(Integer.parseInt(words[1]), Integer.parseInt(words[2]), Long.parseLong(words[3]));
    }
}
