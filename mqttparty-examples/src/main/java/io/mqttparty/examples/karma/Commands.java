package io.mqttparty.examples.karma;

import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * The backend's way to the devices: an HTTP request to any node, whose answer is what the device answered. It does not know to which node a device is connected.
 */
final class Commands implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final List<URI> nodes;
    private final String token;
    private final Supplier<List<String>> devices;
    private final Random random = new Random();
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(PATIENCE)
            .build();
    private final ScheduledExecutorService clock;
    private final AtomicLong answered = new AtomicLong();
    private final AtomicLong missed = new AtomicLong();
    private final AtomicLong wrong = new AtomicLong();
    private final Percentiles roundTrips = new Percentiles();

    /**
     * Sends nothing yet.
     *
     * @param nodes where their downlinks are
     * @param devices whom commands can be sent to
     */
    Commands(List<URI> nodes, String token, Supplier<List<String>> devices, ScheduledExecutorService clock) {
        this.nodes = List.copyOf(nodes);
        this.token = token;
        this.devices = devices;
        this.clock = clock;
    }

    /** Sends so many a second, each to a device and through a node that chance picks. */
    void start(int perSecond) {
        long interval = TimeUnit.SECONDS.toNanos(1) / perSecond;
        var unused = clock.scheduleAtFixedRate(this::sendOne, interval, interval, TimeUnit.NANOSECONDS);
    }

    private void sendOne() {
        List<String> known = devices.get();
        if (!known.isEmpty()) {
            send(known.get(random.nextInt(known.size())));
        }
    }

    private void send(String device) {
        String id = URLEncoder.encode(device, StandardCharsets.UTF_8).replace("+", "%20");
        String command = "blink " + random.nextInt(1_000_000);
        URI node = nodes.get(random.nextInt(nodes.size()));
        HttpRequest request = HttpRequest.newBuilder(node.resolve("/v1/clients/" + id + "/requests?timeout=3"))
                .timeout(PATIENCE)
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/octet-stream")
                .POST(BodyPublishers.ofString(command))
                .build();
        long start = System.nanoTime();
        var unused = client.sendAsync(request, BodyHandlers.ofString()).whenComplete((response, failure) -> {
            if (failure != null || response.statusCode() != 200) {
                missed.incrementAndGet();
            } else if (response.body().equals("done " + command)) {
                answered.incrementAndGet();
                roundTrips.add(System.nanoTime() - start);
            } else {
                wrong.incrementAndGet();
            }
        });
    }

    /** Commands whose answer came. */
    long answered() {
        return answered.get();
    }

    /** Commands that the API answered with an error, or not at all: the device or its node was away, and the caller knows. */
    long missed() {
        return missed.get();
    }

    /** Answers that belong to another command. */
    long wrong() {
        return wrong.get();
    }

    /** {@code answered 17 missed 2 wrong 0}. */
    @Override
    public String toString() {
        return "answered " + answered + " missed " + missed + " wrong " + wrong;
    }

    Percentiles roundTrips() {
        return roundTrips;
    }

    @Override
    public void close() {
        clock.shutdownNow();
    }
}
