package io.mqttparty.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttparty.MqttParty;
import io.mqttparty.MqttPartyBuilder;
import io.mqttparty.netty.NettyTransport;
import io.mqttparty.testkit.SocketPipe;
import io.mqttparty.testkit.TestClient;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** A broker on real sockets whose downlink is served on a free port. */
final class ServedBroker implements AutoCloseable {
    static final String TOKEN = "secret";

    private final DownlinkServer server;
    private final MqttParty broker;
    private final List<TestClient> clients = new ArrayList<>();
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(10))
            .build();

    private ServedBroker(DownlinkServer server, Consumer<MqttPartyBuilder> parts) {
        this.server = server;
        MqttPartyBuilder builder = MqttParty.builder()
                .listener(NettyTransport.tcp(0).host("127.0.0.1").eventLoopThreads(1))
                .allowAnonymous()
                .extension(server);
        parts.accept(builder);
        this.broker = builder.build();
        assertThat(broker.start().toCompletableFuture()).succeedsWithin(30, TimeUnit.SECONDS);
    }

    static ServedBroker start() {
        return start(server -> {}, parts -> {});
    }

    static ServedBroker start(Consumer<DownlinkServer.Builder> options) {
        return start(options, parts -> {});
    }

    static ServedBroker start(Consumer<DownlinkServer.Builder> options, Consumer<MqttPartyBuilder> parts) {
        return start(DownlinkHandler.builder().token(TOKEN), options, parts);
    }

    static ServedBroker start(
            DownlinkHandler.Builder handler,
            Consumer<DownlinkServer.Builder> options,
            Consumer<MqttPartyBuilder> parts) {
        DownlinkServer.Builder builder = DownlinkServer.of(handler.build()).port(0);
        options.accept(builder);
        return new ServedBroker(builder.build(), parts);
    }

    MqttParty broker() {
        return broker;
    }

    DownlinkServer server() {
        return server;
    }

    HttpClient http() {
        return http;
    }

    /** An MQTT connection that has sent nothing. */
    SocketPipe pipe() {
        return SocketPipe.connect("127.0.0.1", broker.port()).withDeadline(Duration.ofSeconds(20));
    }

    TestClient client(String clientId) {
        return held(TestClient.connected(pipe(), clientId));
    }

    TestClient persistent(String clientId) {
        return held(TestClient.connect(pipe(), c -> c.clientId(clientId).cleanSession(false))
                .expectConnack(0, false));
    }

    TestClient resumed(String clientId) {
        return held(TestClient.connect(pipe(), c -> c.clientId(clientId).cleanSession(false))
                .expectConnack(0, true));
    }

    /** A socket that nobody holds is closed. */
    private TestClient held(TestClient client) {
        clients.add(client);
        return client;
    }

    /** A connection of HTTP, byte by byte. */
    RawHttp raw() {
        return RawHttp.connect(server.port());
    }

    HttpRequest.Builder request(String target) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + target))
                .header("Authorization", "Bearer " + TOKEN)
                .timeout(Duration.ofSeconds(60));
    }

    CompletableFuture<HttpResponse<String>> send(String method, String target, String body) {
        return http.sendAsync(
                request(target).method(method, BodyPublishers.ofString(body)).build(), BodyHandlers.ofString());
    }

    HttpResponse<String> now(String method, String target, String body) {
        return send(method, target, body).orTimeout(60, TimeUnit.SECONDS).join();
    }

    @Override
    public void close() {
        broker.close();
        clients.forEach(TestClient::close);
    }
}
