package io.mqttparty.examples;

import static io.mqttparty.examples.StandaloneOption.ALLOW_ANONYMOUS;
import static io.mqttparty.examples.StandaloneOption.BIND;
import static io.mqttparty.examples.StandaloneOption.DOWNLINK_TOKEN;
import static io.mqttparty.examples.StandaloneOption.DOWNLINK_UNAUTHENTICATED;
import static io.mqttparty.examples.StandaloneOption.HTTP_PORT;
import static io.mqttparty.examples.StandaloneOption.MAX_INFLIGHT;
import static io.mqttparty.examples.StandaloneOption.MQTT_PORT;
import static io.mqttparty.examples.StandaloneOption.NODE_ID;
import static io.mqttparty.examples.StandaloneOption.PROXY_PROTOCOL;
import static io.mqttparty.examples.StandaloneOption.REDIS;
import static io.mqttparty.examples.StandaloneOption.UPSTREAM;
import static io.mqttparty.examples.StandaloneOption.USER;

import io.mqttparty.MqttParty;
import io.mqttparty.MqttPartyBuilder;
import io.mqttparty.http.DownlinkHandler;
import io.mqttparty.http.DownlinkServer;
import io.mqttparty.http.HttpRoute;
import io.mqttparty.http.HttpUpstream;
import io.mqttparty.http.HttpUpstreamBuilder;
import io.mqttparty.model.Limits;
import io.mqttparty.netty.NettyTransport;
import io.mqttparty.netty.ProxyProtocol;
import io.mqttparty.redis.RedisBackend;
import io.mqttparty.spi.Authenticator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The broker that a command line describes. */
final class StandaloneOptions {
    private static final String LOOPBACK = "127.0.0.0/8,::1";
    private static final String LOOPBACK_ADDRESS = "127.0.0.1";
    /** A filter may have an equals sign, and so may a URL: the first one that a scheme follows divides them. */
    private static final Pattern ROUTE = Pattern.compile("(.+?)=([a-z]+:.+)");

    private final StandaloneCommand command;
    private final Limits limits;
    private final Optional<RedisBackend> redis;
    private final Optional<DownlinkServer> http;

    /**
     * What a command line asks for.
     *
     * @throws IllegalArgumentException if a value is not allowed; its message begins with the option
     */
    StandaloneOptions(StandaloneCommand command) {
        this.command = command;
        this.limits = named(MAX_INFLIGHT, this::limits);
        this.http = newHttp();
        String uri = command.value(REDIS, "");
        this.redis = uri.isEmpty() ? Optional.empty() : Optional.of(redis(uri));
    }

    /** The uri may hold a password: no message repeats it. */
    private RedisBackend redis(String uri) {
        try {
            return RedisBackend.builder().uri(uri).limits(limits).build();
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "--redis: no address of Redis (expected: redis://host:port, rediss://... or redis-sentinel://...)",
                    e);
        }
    }

    private Optional<DownlinkServer> newHttp() {
        List<String> tokens = command.values(DOWNLINK_TOKEN);
        boolean unauthenticated = command.isOn(DOWNLINK_UNAUTHENTICATED);
        String port = command.value(HTTP_PORT, "");
        if (port.isEmpty()) {
            if (!tokens.isEmpty() || unauthenticated) {
                throw new IllegalArgumentException("--http-port: none (expected: a port for the HTTP API)");
            }
            return Optional.empty();
        }
        if (tokens.isEmpty() != unauthenticated) {
            throw new IllegalArgumentException(
                    unauthenticated
                            ? "--downlink-unauthenticated: true (expected: not together with --downlink-token)"
                            : "--downlink-token: none (expected: at least one, or --downlink-unauthenticated)");
        }
        DownlinkHandler.Builder handler = DownlinkHandler.builder();
        tokens.forEach(token -> named(DOWNLINK_TOKEN, () -> handler.token(token)));
        DownlinkServer.Builder server = DownlinkServer.of(
                unauthenticated ? handler.allowUnauthenticated().build() : handler.build());
        named(HTTP_PORT, () -> server.port(command.number(HTTP_PORT, 0)));
        named(BIND, () -> server.host(command.value(BIND, LOOPBACK_ADDRESS)));
        return Optional.of(server.build());
    }

    /** The HTTP API, if there is one. */
    Optional<DownlinkServer> http() {
        return http;
    }

    /** Where the state is kept, if not in memory; to be closed after the broker. */
    Optional<RedisBackend> redis() {
        return redis;
    }

    /**
     * The broker, not started.
     *
     * @throws IllegalArgumentException if a value is not allowed; its message begins with the option
     */
    MqttParty broker() {
        MqttPartyBuilder builder = MqttParty.builder().listener(transport()).limits(limits);
        named(NODE_ID, () -> builder.nodeName(command.value(NODE_ID, "node")));
        redis.ifPresent(builder::backend);
        uplink().ifPresent(builder::extension);
        http.ifPresent(builder::extension);
        List<String> users = command.values(USER);
        boolean allowAnonymous = command.isOn(ALLOW_ANONYMOUS);
        if (!users.isEmpty()) {
            return builder.authenticator(authenticator(users, allowAnonymous)).build();
        }
        if (!allowAnonymous) {
            throw new IllegalArgumentException("--user: none (expected: at least one, or --allow-anonymous)");
        }
        return builder.allowAnonymous().build();
    }

    private Optional<HttpUpstream> uplink() {
        List<String> routes = command.values(UPSTREAM);
        if (routes.isEmpty()) {
            return Optional.empty();
        }
        HttpUpstreamBuilder uplink = HttpUpstream.builder();
        routes.forEach(each -> uplink.route(route(each)));
        return Optional.of(uplink.build());
    }

    /** No message repeats the URL: it may hold a secret. */
    private static HttpRoute route(String text) {
        Matcher parts = ROUTE.matcher(text);
        if (!parts.matches()) {
            throw new IllegalArgumentException(
                    "--upstream: no route (expected: FILTER=URL, such as devices/#=http://backend/{clientId})");
        }
        try {
            return HttpRoute.builder(parts.group(1), parts.group(2)).build();
        } catch (IllegalArgumentException e) {
            String message = String.valueOf(e.getMessage());
            String rule = message.substring(Math.max(0, message.indexOf("(expected")));
            throw new IllegalArgumentException("--upstream: " + parts.group(1) + " " + rule, e);
        }
    }

    private Limits limits() {
        int receiveMaximum = command.number(MAX_INFLIGHT, Limits.DEFAULTS.receiveMaximum());
        return Limits.DEFAULTS.withReceiveMaximum(receiveMaximum);
    }

    private static Authenticator authenticator(List<String> users, boolean allowAnonymous) {
        Authenticator known = new PasswordAuthenticator(passwords(users));
        if (!allowAnonymous) {
            return known;
        }
        return request -> request.client().username().isPresent()
                ? known.authenticate(request)
                : CompletableFuture.completedFuture(Authenticator.Result.accepted());
    }

    private NettyTransport transport() {
        NettyTransport tcp = named(MQTT_PORT, () -> NettyTransport.tcp(command.number(MQTT_PORT, 1883)));
        NettyTransport bound = named(BIND, () -> tcp.host(command.value(BIND, LOOPBACK_ADDRESS)));
        String proxies = command.value(PROXY_PROTOCOL, "false");
        return switch (proxies) {
            case "false" -> bound;
            case "true" -> bound.proxyProtocol(ProxyProtocol.from(LOOPBACK.split(",")));
            default -> named(PROXY_PROTOCOL, () -> bound.proxyProtocol(ProxyProtocol.from(proxies.split(",", -1))));
        };
    }

    /** No message says what was given: it may be a password in the wrong place. */
    private static Map<String, String> passwords(List<String> users) {
        Map<String, String> passwords = new HashMap<>();
        for (String user : users) {
            int colon = user.indexOf(':');
            if (colon < 1 || colon == user.length() - 1) {
                throw new IllegalArgumentException("--user: without name or password (expected: NAME:PASSWORD)");
            }
            String name = user.substring(0, colon);
            if (passwords.put(name, user.substring(colon + 1)) != null) {
                throw new IllegalArgumentException("--user: " + name + " twice (expected: each name once)");
            }
        }
        return passwords;
    }

    /** The SDK names its own setting before the first colon; whoever runs the jar knows the option. */
    private static <T> T named(StandaloneOption option, Supplier<T> setting) {
        try {
            return setting.get();
        } catch (IllegalArgumentException e) {
            String message = String.valueOf(e.getMessage());
            throw new IllegalArgumentException(option.text() + message.substring(Math.max(0, message.indexOf(':'))), e);
        }
    }
}
