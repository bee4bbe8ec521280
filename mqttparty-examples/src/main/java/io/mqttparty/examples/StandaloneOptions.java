package io.mqttparty.examples;

import io.mqttparty.MqttParty;
import io.mqttparty.MqttPartyBuilder;
import io.mqttparty.model.Limits;
import io.mqttparty.netty.NettyTransport;
import io.mqttparty.netty.ProxyProtocol;
import io.mqttparty.spi.Authenticator;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The options of {@link Standalone}, and the broker that they describe. */
@Command(
        name = "mqttparty",
        customSynopsis = "Usage: java -jar mqttparty-standalone.jar [OPTION...]",
        description = "An MQTT 3.1.1 broker that keeps its state in memory.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        usageHelpWidth = 100,
        footer = {
            "",
            "Each option can be set in the environment too: --mqtt-port is MQTTPARTY_MQTT_PORT, and so on. The "
                    + "command line goes first. There a switch is true or false, and users are separated by newlines.",
            "Exit codes: 0 ended by SIGTERM, 1 cannot serve, 2 wrong options."
        })
final class StandaloneOptions {
    private static final String LOOPBACK = "127.0.0.0/8,::1";

    @Option(
            names = "--mqtt-port",
            paramLabel = "PORT",
            description = "Port for MQTT over TCP; 0 takes any free one. Default: 1883.")
    private int mqttPort = 1883;

    @Option(
            names = "--bind",
            paramLabel = "ADDRESS",
            description = "Local address to listen on; 0.0.0.0 for all. Default: 127.0.0.1.")
    private String bind = "127.0.0.1";

    @Option(
            names = "--max-inflight",
            paramLabel = "N",
            description = "Most unacknowledged QoS 1 and 2 messages to one client. Default: 32.")
    private int maxInflight = Limits.DEFAULTS.receiveMaximum();

    @Option(
            names = "--node-id",
            paramLabel = "NAME",
            description = "Name of this node: letters, digits, - and _. Default: node.")
    private String nodeId = "node";

    @Option(
            names = "--user",
            paramLabel = "NAME:PASSWORD",
            split = "\\R",
            hideParamSyntax = true,
            description = "A user who may connect; can be repeated. Others on this machine may see the command line: "
                    + "the environment is the better place.")
    private List<String> users = new ArrayList<>();

    @Option(
            names = "--allow-anonymous",
            arity = "0..1",
            paramLabel = "",
            hideParamSyntax = true,
            fallbackValue = "true",
            description = "Let everybody connect; together with --user, everybody who sends no user name. Needed if "
                    + "there is no --user.")
    private boolean allowAnonymous;

    @Option(
            names = "--proxy-protocol",
            arity = "0..1",
            paramLabel = "NETWORK,...",
            fallbackValue = "true",
            description = "Demand a PROXY header (version 1 or 2) of every connection, and take connections from these "
                    + "networks only. Without a value: from this machine, " + LOOPBACK + ".")
    private String proxyProtocol = "false";

    /**
     * The broker, not started.
     *
     * @throws IllegalArgumentException if a value is not allowed; its message begins with the option
     */
    MqttParty broker() {
        MqttPartyBuilder builder = MqttParty.builder().listener(transport());
        named("--node-id", () -> builder.nodeName(nodeId));
        builder.limits(named("--max-inflight", () -> Limits.DEFAULTS.withReceiveMaximum(maxInflight)));
        if (!users.isEmpty()) {
            return builder.authenticator(authenticator()).build();
        }
        if (!allowAnonymous) {
            throw new IllegalArgumentException("--user: none (expected: at least one, or --allow-anonymous)");
        }
        return builder.allowAnonymous().build();
    }

    private Authenticator authenticator() {
        Authenticator known = new PasswordAuthenticator(passwords());
        if (!allowAnonymous) {
            return known;
        }
        return request -> request.client().username().isPresent()
                ? known.authenticate(request)
                : CompletableFuture.completedFuture(Authenticator.Result.accepted());
    }

    private NettyTransport transport() {
        NettyTransport tcp = named("--mqtt-port", () -> NettyTransport.tcp(mqttPort));
        NettyTransport bound = named("--bind", () -> tcp.host(bind));
        return switch (proxyProtocol) {
            case "false" -> bound;
            case "true" -> bound.proxyProtocol(ProxyProtocol.from(LOOPBACK.split(",")));
            default ->
                named("--proxy-protocol", () -> bound.proxyProtocol(ProxyProtocol.from(proxyProtocol.split(",", -1))));
        };
    }

    /** No message says what was given: it may be a password in the wrong place. */
    private Map<String, String> passwords() {
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
    private static <T> T named(String option, Supplier<T> setting) {
        try {
            return setting.get();
        } catch (IllegalArgumentException e) {
            String message = String.valueOf(e.getMessage());
            throw new IllegalArgumentException(option + message.substring(Math.max(0, message.indexOf(':'))), e);
        }
    }
}
