package io.mqttparty.examples.karma;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import io.mqttparty.examples.LogLine;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/**
 * The service behind the devices, which knows HTTP alone: it counts heartbeats and says which user may use a hotspot.
 *
 * <pre>
 * POST /heartbeats/{clientId}   a heartbeat, 16 bytes                     204
 * POST /logins/{clientId}       the name of a user                        200 and "allowed" or "refused"
 * GET  /ledger                  which heartbeats were seen, of whom       200, lines of "{clientId} 1-17,19"
 * GET  /commands                what became of the commands               200 and "answered 17 missed 2 wrong 0"
 * </pre>
 *
 * <p>Its arguments, when it runs by itself:
 *
 * <pre>
 * --port N            8080
 * --nodes URL,URL     the downlinks
 * --commands N        in a second, 20
 * </pre>
 *
 * <p>{@code KARMA_TOKEN} in the environment is what the downlinks want.
 */
public final class KarmaBackend implements AutoCloseable {
    private static final int THREADS = 16;
    private static final int LARGEST_BODY = 4_096;
    private static final byte[] NOTHING = {};
    private static final Set<String> REFUSED_USERS = Set.of("mallory");

    private final HttpServer server;
    private final ExecutorService threads = Executors.newFixedThreadPool(THREADS, task -> {
        Thread thread = new Thread(task, "karma-backend");
        thread.setDaemon(true);
        return thread;
    });
    private final Map<String, BitSet> seen = new ConcurrentSkipListMap<>();
    private final Set<String> clients = ConcurrentHashMap.newKeySet();
    private final AtomicLong requests = new AtomicLong();
    private final AtomicLong heartbeats = new AtomicLong();
    private final AtomicLong repeated = new AtomicLong();
    private final AtomicLong logins = new AtomicLong();

    private KarmaBackend(HttpServer server) {
        this.server = server;
    }

    /** Runs it until the process is told to end: a line each second says what goes through. */
    public static void main(String[] args) throws Exception {
        LogLine.install();
        Arguments.run(() -> {
            Arguments given = new Arguments(args, "port", "nodes", "commands");
            KarmaBackend backend = start(given.number("port", 8_080));
            Commands commands = new Commands(
                    Stream.of(given.text("nodes", "").split(",", -1))
                            .map(URI::create)
                            .toList(),
                    System.getenv().getOrDefault("KARMA_TOKEN", ""),
                    () -> List.copyOf(backend.clients()),
                    Executors.newSingleThreadScheduledExecutor());
            backend.on(
                    "GET",
                    "/commands",
                    exchange -> answer(exchange, 200, commands.toString().getBytes(StandardCharsets.UTF_8)));
            commands.start(given.number("commands", 20));
            System.out.println("backend ready " + backend.url());
            BackendLines lines = new BackendLines(backend, commands);
            while (true) {
                TimeUnit.SECONDS.sleep(1);
                System.out.println(lines.next());
            }
        });
    }

    /** Serves on this port of the loopback address, or on any free one if it is 0. */
    static KarmaBackend start(int port) throws IOException {
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        KarmaBackend backend = new KarmaBackend(HttpServer.create(address, 1_024));
        backend.server.setExecutor(backend.threads);
        backend.on("POST", "/heartbeats/", backend::onHeartbeat);
        backend.on("POST", "/logins/", backend::onLogin);
        backend.on("GET", "/ledger", backend::onLedger);
        backend.server.start();
        return backend;
    }

    /** The base of its URLs. */
    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    private void on(String method, String path, HttpHandler handler) {
        server.createContext(path, exchange -> {
            try (exchange) {
                requests.incrementAndGet();
                if (exchange.getRequestMethod().equals(method)) {
                    handler.handle(exchange);
                } else {
                    answer(exchange, 405, NOTHING);
                }
            } catch (IllegalArgumentException e) {
                answer(exchange, 400, String.valueOf(e.getMessage()).getBytes(StandardCharsets.UTF_8));
            }
        });
    }

    /** A heartbeat may come twice: at QoS 1 a device sends again what was not acknowledged. Its number tells. */
    private void onHeartbeat(HttpExchange exchange) throws IOException {
        Heartbeat heartbeat = Heartbeat.decode(body(exchange));
        if (heartbeat.number() < 1) {
            throw new IllegalArgumentException("number: " + heartbeat.number() + " (expected: 1 or more)");
        }
        BitSet numbers = seen.computeIfAbsent(client(exchange), id -> new BitSet());
        boolean isNew;
        synchronized (numbers) {
            isNew = !numbers.get(heartbeat.number());
            numbers.set(heartbeat.number());
        }
        (isNew ? heartbeats : repeated).incrementAndGet();
        answer(exchange, 204, NOTHING);
    }

    private void onLogin(HttpExchange exchange) throws IOException {
        String user = new String(body(exchange), StandardCharsets.UTF_8);
        client(exchange);
        logins.incrementAndGet();
        answer(exchange, 200, (REFUSED_USERS.contains(user) ? "refused" : "allowed").getBytes(StandardCharsets.UTF_8));
    }

    private void onLedger(HttpExchange exchange) throws IOException {
        answer(exchange, 200, ledger().getBytes(StandardCharsets.UTF_8));
    }

    /** Which heartbeats were seen: a line for each device, its id, a space, its numbers. */
    String ledger() {
        StringBuilder lines = new StringBuilder();
        seen.forEach((client, numbers) -> {
            synchronized (numbers) {
                lines.append(client)
                        .append(' ')
                        .append(NumberRanges.write(numbers))
                        .append('\n');
            }
        });
        return lines.toString();
    }

    /** The last part of the path; whoever asks is a device that can be sent commands. */
    private String client(HttpExchange exchange) {
        String path = exchange.getRequestURI().getRawPath();
        String client = URLDecoder.decode(
                path.substring(path.lastIndexOf('/') + 1).replace("+", "%2B"), StandardCharsets.UTF_8);
        clients.add(client);
        return client;
    }

    private static byte[] body(HttpExchange exchange) throws IOException {
        try (InputStream in = exchange.getRequestBody()) {
            byte[] body = in.readNBytes(LARGEST_BODY + 1);
            if (body.length > LARGEST_BODY) {
                throw new IllegalArgumentException("body: larger than " + LARGEST_BODY + " bytes");
            }
            return body;
        }
    }

    private static void answer(HttpExchange exchange, int status, byte[] body) throws IOException {
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        if (body.length > 0) {
            exchange.getResponseBody().write(body);
        }
    }

    /** The devices that were heard of. */
    Set<String> clients() {
        return Set.copyOf(clients);
    }

    long requests() {
        return requests.get();
    }

    /** Different heartbeats that came. */
    long heartbeats() {
        return heartbeats.get();
    }

    /** Heartbeats that came again. */
    long repeated() {
        return repeated.get();
    }

    long logins() {
        return logins.get();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
