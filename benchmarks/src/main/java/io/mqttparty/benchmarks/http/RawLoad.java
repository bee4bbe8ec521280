package io.mqttparty.benchmarks.http;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Requests on the clients of the uplink and nothing else: so many at once, the next one as soon as one has its answer. They are made one by one, with these headers, and
 * wait for the future of the client, as is usual, or only for the end of the body, as the uplink does.
 */
final class RawLoad {
    /** What a request of the uplink has too. */
    static final List<Map.Entry<String, String>> EVENT = List.of(
            Map.entry("ce-specversion", "1.0"),
            Map.entry("ce-type", "io.mqttparty.message"),
            Map.entry("ce-source", "/mqttparty"),
            Map.entry("content-type", "application/octet-stream"),
            Map.entry("ce-id", "0123456789abcdef0123456789abcdef"),
            Map.entry("ce-subject", "load/17"),
            Map.entry("ce-time", "2026-01-01T01:01:01.123Z"),
            Map.entry("ce-clientid", "publisher-17"),
            Map.entry("idempotency-key", "0123456789abcdef0123456789abcdef"),
            Map.entry("traceparent", "00-0123456789abcdef0123456789abcdef-0123456789abcdef-01"));

    /** What a request with a payload has at least. */
    static final List<Map.Entry<String, String>> BARE = List.of(Map.entry("content-type", "application/octet-stream"));

    private final List<HttpClient> clients;
    private final URI url;
    private final List<Map.Entry<String, String>> headers;
    private final boolean isDirect;

    RawLoad(List<HttpClient> clients, URI url, List<Map.Entry<String, String>> headers, boolean isDirect) {
        this.clients = clients;
        this.url = url;
        this.headers = headers;
        this.isDirect = isDirect;
    }

    /** How many had an answer of 2xx in this time, and the nanoseconds that it took: {@code 12345 2000000000}. */
    String run(int payloadBytes, int concurrency, long millis) {
        long start = System.nanoTime();
        long end = start + millis * 1_000_000;
        AtomicLong answered = new AtomicLong();
        byte[] payload = new byte[payloadBytes];
        CompletableFuture<?>[] all = new CompletableFuture<?>[concurrency];
        for (int i = 0; i < concurrency; i++) {
            CompletableFuture<Void> done = new CompletableFuture<>();
            all[i] = done;
            next(clients.get(i % clients.size()), payload, end, answered, done);
        }
        CompletableFuture.allOf(all).join();
        return answered + " " + (System.nanoTime() - start);
    }

    private void next(HttpClient client, byte[] payload, long end, AtomicLong answered, CompletableFuture<Void> done) {
        if (System.nanoTime() >= end) {
            done.complete(null);
            return;
        }
        HttpRequest.Builder request = HttpRequest.newBuilder(url)
                .version(HttpClient.Version.HTTP_1_1)
                .POST(HttpRequest.BodyPublishers.ofByteArray(payload));
        headers.forEach(each -> request.header(each.getKey(), each.getValue()));
        if (isDirect) {
            AnswerWatch watch = new AnswerWatch(status -> answered(client, payload, end, answered, done, status));
            watch.await(client.sendAsync(request.build(), watch));
        } else {
            client.sendAsync(request.build(), HttpResponse.BodyHandlers.discarding())
                    .whenComplete((response, failure) -> answered(
                            client, payload, end, answered, done, failure == null ? response.statusCode() : 0));
        }
    }

    private void answered(
            HttpClient client,
            byte[] payload,
            long end,
            AtomicLong answered,
            CompletableFuture<Void> done,
            int status) {
        if (status != 204) {
            done.completeExceptionally(new IllegalStateException("raw: " + status + " (expected: 204)"));
            return;
        }
        answered.incrementAndGet();
        next(client, payload, end, answered, done);
    }
}
