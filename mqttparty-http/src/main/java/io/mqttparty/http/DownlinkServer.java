package io.mqttparty.http;

import static io.mqttparty.http.Arguments.once;
import static io.mqttparty.http.Arguments.positive;
import static io.mqttparty.http.Arguments.range;
import static java.util.Objects.requireNonNull;

import io.mqttparty.Extension;
import io.mqttparty.MqttParty;
import io.mqttparty.http.internal.server.HttpServer;
import io.mqttparty.http.internal.server.ServerSettings;
import io.mqttparty.http.spi.DownlinkCounter;
import io.mqttparty.model.MqttPartyException;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoEventLoopGroup;
import io.netty.channel.nio.NioIoHandle;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP/1.1 server for a {@link DownlinkHandler}, which begins and ends with the broker:
 *
 * <pre>{@code
 * MqttParty.builder()
 *         .extension(DownlinkServer.of(DownlinkHandler.builder().token(secret).build()).port(8080).build())
 * }</pre>
 *
 * <p>It listens on the loopback address unless told otherwise, and speaks no TLS: put a proxy in front of it that does. All methods may be called from
 * any thread.
 */
public final class DownlinkServer implements Extension {
    /** Shorter than a broker waits for its extensions. */
    private static final Duration STOP_TIME = Duration.ofSeconds(3);

    private static final int TARGET_BYTES = 32 * 1024;

    private final DownlinkHandler handler;
    private final HttpServer server;

    private DownlinkServer(DownlinkHandler handler, ServerSettings settings) {
        this.handler = handler;
        this.server = new HttpServer(settings, handler.downlink());
    }

    /** Begins the description of a server for this handler, which becomes a part of it: the broker is given the server alone. */
    public static Builder of(DownlinkHandler handler) {
        return new Builder(requireNonNull(handler, "handler"));
    }

    /** The port, known once the broker has started; 0 before. */
    public int port() {
        return server.port();
    }

    /** The connections that are open now. */
    public int connections() {
        return server.connections();
    }

    /** How often this has happened since the start. */
    public long count(DownlinkCounter counter) {
        return handler.count(counter);
    }

    /** Called by the broker. Fails with {@link MqttPartyException} if the port cannot be had. */
    @Override
    public CompletionStage<Void> start(MqttParty broker) {
        return handler.start(broker).thenCompose(ready -> server.start());
    }

    /** Called by the broker. Requests that are open may go on for 3 seconds; then they are answered with 503. */
    @Override
    public CompletionStage<Void> stop() {
        return handler.stop().thenCompose(stopping -> server.stop());
    }

    /** Describes a server. Each method checks its value; a value that can be set once refuses a second one. Not for use by several threads. */
    public static final class Builder {
        private final DownlinkHandler handler;
        private @Nullable String host;
        private @Nullable Integer port;
        private @Nullable EventLoopGroup group;
        private @Nullable Integer connections;
        private @Nullable Integer headerBytes;
        private @Nullable Duration requestTime;
        private @Nullable Duration idleTime;

        private Builder(DownlinkHandler handler) {
            this.handler = handler;
        }

        /** The local address, or the name of it, to listen on; 127.0.0.1 by default, 0.0.0.0 for all. */
        public Builder host(String value) {
            if (value.isBlank()) {
                throw new IllegalArgumentException("host: blank (expected: an address or a name)");
            }
            host = once("host", host, value);
            return this;
        }

        /** The port; 8080 by default, 0 for any free one. */
        public Builder port(int value) {
            port = once("port", port, range("port", value, 0, 65_535));
            return this;
        }

        /**
         * Event loops to use instead of two own ones. They stay open when the server stops: close the broker before you end them.
         *
         * @throws IllegalArgumentException if the group is shut down, or not made for NIO
         */
        public Builder eventLoops(EventLoopGroup value) {
            boolean fits = value instanceof IoEventLoopGroup io && io.isCompatible(NioIoHandle.class);
            if (!fits || value.isShuttingDown()) {
                throw new IllegalArgumentException(
                        "eventLoops: " + value.getClass().getName() + " (expected: an open group for NIO)");
            }
            group = once("eventLoops", group, value);
            return this;
        }

        /** How many connections may be open; further ones are answered with 503 and closed. 4,000 by default. */
        public Builder connections(int value) {
            connections = once("connections", connections, range("connections", value, 1, 1_000_000));
            return this;
        }

        /** The largest header of a request without its first line, in bytes; 16 KiB by default. */
        public Builder headerBytes(int value) {
            headerBytes = once("headerBytes", headerBytes, range("headerBytes", value, 256, 1024 * 1024));
            return this;
        }

        /** How long a request may take to come, from its first byte to its last, and a response to be taken; 10 s by default. */
        public Builder requestTime(Duration value) {
            requestTime = once("requestTime", requestTime, positive("requestTime", value));
            return this;
        }

        /** How long a connection is kept between requests; 60 s by default. For the first one {@link #requestTime} holds. */
        public Builder idleTime(Duration value) {
            idleTime = once("idleTime", idleTime, positive("idleTime", value));
            return this;
        }

        /** The server, not started: the broker does that. */
        public DownlinkServer build() {
            return new DownlinkServer(
                    handler,
                    new ServerSettings(
                            host == null ? "127.0.0.1" : host,
                            port == null ? 8080 : port,
                            Optional.ofNullable(group),
                            connections == null ? 4_000 : connections,
                            TARGET_BYTES,
                            headerBytes == null ? 16 * 1024 : headerBytes,
                            requestTime == null ? Duration.ofSeconds(10) : requestTime,
                            idleTime == null ? Duration.ofSeconds(60) : idleTime,
                            STOP_TIME));
        }
    }
}
