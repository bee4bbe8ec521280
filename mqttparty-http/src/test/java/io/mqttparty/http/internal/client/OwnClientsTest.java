package io.mqttparty.http.internal.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Clients that are made here end here, though somebody still holds them. */
final class OwnClientsTest {
    private final Set<Thread> before = Thread.getAllStackTraces().keySet();
    private HttpServer backend;
    private HttpRequest request;

    @BeforeEach
    void startBackend() throws IOException {
        backend = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        backend.createContext("/", exchange -> {
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        backend.start();
        request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + backend.getAddress().getPort() + "/"))
                .build();
    }

    @AfterEach
    void stopBackend() {
        backend.stop(0);
    }

    /** Threads of clients that were not there before the test. */
    private Set<String> threads() {
        Set<String> names = new HashSet<>();
        Thread.getAllStackTraces().keySet().stream()
                .filter(each -> !before.contains(each))
                .map(Thread::getName)
                .filter(name -> name.startsWith("mqttparty-http-") || name.startsWith("HttpClient-"))
                .forEach(names::add);
        return names;
    }

    private void assertAnswers(HttpClient client) {
        assertThat(client.sendAsync(request, BodyHandlers.discarding()))
                .succeedsWithin(Duration.ofSeconds(20))
                .satisfies(response -> assertThat(response.statusCode()).isEqualTo(204));
    }

    @Test
    void close_clientsAreStillHeld_noThreadIsLeft() {
        OwnClients own = OwnClients.create(2, Duration.ofSeconds(5));
        own.clients().forEach(this::assertAnswers);
        assertThat(threads()).anyMatch(name -> name.startsWith("mqttparty-http-client-"));

        own.close();

        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
            System.gc(); // before JDK 21 it is the collector that ends a client
            assertThat(threads()).isEmpty();
        });
        assertThat(own.clients()).hasSize(2);
    }

    @Test
    void close_laterCallsFail() {
        OwnClients own = OwnClients.create(1, Duration.ofSeconds(5));
        HttpClient client = own.clients().get(0);
        assertThat(client.followRedirects()).isEqualTo(HttpClient.Redirect.NEVER);
        assertThat(client.connectTimeout()).contains(Duration.ofSeconds(5));

        own.close();

        await().untilAsserted(() ->
                assertThat(client.sendAsync(request, BodyHandlers.discarding())).isCompletedExceptionally());
        assertThatThrownBy(() -> client.send(request, BodyHandlers.discarding()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("closed");
    }

    @Test
    void close_executorThatWasGiven_staysOpen() {
        ExecutorService executor = Executors.newSingleThreadExecutor();
        OwnClients own = OwnClients.on(executor, 1, Duration.ofSeconds(5));
        assertAnswers(own.clients().get(0));

        own.close();

        assertThat(executor.isShutdown()).isFalse();
        executor.shutdown();
    }
}
