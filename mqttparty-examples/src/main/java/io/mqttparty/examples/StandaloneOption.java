package io.mqttparty.examples;

import java.util.Locale;

/** The options of {@link Standalone}. */
enum StandaloneOption {
    MQTT_PORT("--mqtt-port", "PORT", Kind.VALUE, "Port for MQTT over TCP; 0 takes any free one. Default: 1883."),
    BIND("--bind", "ADDRESS", Kind.VALUE, "Local address to listen on; 0.0.0.0 for all. Default: 127.0.0.1."),
    REDIS(
            "--redis",
            "URI",
            Kind.VALUE,
            "Keep all state in this Redis, together with all other nodes that do: redis://127.0.0.1:6379, rediss://..., "
                    + "redis-sentinel://host,host/0#primary. Default: in memory, one node."),
    MAX_INFLIGHT(
            "--max-inflight", "N", Kind.VALUE, "Most unacknowledged QoS 1 and 2 messages to one client. Default: 32."),
    NODE_ID("--node-id", "NAME", Kind.VALUE, "Name of this node: letters, digits, - and _. Default: node."),
    USER(
            "--user",
            "NAME:PASSWORD",
            Kind.VALUES,
            "A user who may connect; can be repeated. Others on this machine may see the command line: the environment is "
                    + "the better place."),
    UPSTREAM(
            "--upstream",
            "FILTER=URL",
            Kind.VALUES,
            "Send what devices publish to topics of this filter to this URL, and acknowledge it when the backend has it: "
                    + "'devices/#=http://backend/v1/{clientId}/{topic.2}'. Can be repeated."),
    ALLOW_ANONYMOUS(
            "--allow-anonymous",
            "true|false",
            Kind.OPTIONAL_VALUE,
            "Let everybody connect; together with --user, everybody who sends no user name. Needed if there is no --user."),
    PROXY_PROTOCOL(
            "--proxy-protocol",
            "NETWORK,...",
            Kind.OPTIONAL_VALUE,
            "Demand a PROXY header (version 1 or 2) of every connection, and take connections from these networks only. "
                    + "Without a value: from this machine, 127.0.0.0/8,::1."),
    HTTP_PORT(
            "--http-port",
            "PORT",
            Kind.VALUE,
            "Port for the HTTP API that reaches devices (docs/http.md); 0 takes any free one. Default: no HTTP API."),
    DOWNLINK_TOKEN(
            "--downlink-token",
            "TOKEN",
            Kind.VALUES,
            "A bearer token that the HTTP API serves; can be repeated. Others on this machine may see the command line: the "
                    + "environment is the better place."),
    DOWNLINK_UNAUTHENTICATED(
            "--downlink-unauthenticated",
            "true|false",
            Kind.OPTIONAL_VALUE,
            "Let the HTTP API serve everybody who can reach it. Needed with --http-port if there is no --downlink-token."),
    HELP("--help", "", Kind.HELP, "Show this text."),
    VERSION("--version", "", Kind.VERSION, "Show the version.");

    private final String text;
    private final String value;
    private final Kind kind;
    private final String help;

    StandaloneOption(String text, String value, Kind kind, String help) {
        this.text = text;
        this.value = value;
        this.kind = kind;
        this.help = help;
    }

    /** What follows an option. */
    enum Kind {
        VALUE,
        /** A value, and the option can be repeated. */
        VALUES,
        /** Nothing, or a value that is joined with an equals sign. */
        OPTIONAL_VALUE,
        HELP,
        VERSION
    }

    /** As it is written on the command line. */
    String text() {
        return text;
    }

    /** What its value is called; empty for a switch. */
    String value() {
        return value;
    }

    Kind kind() {
        return kind;
    }

    /** What it does, for people. */
    String help() {
        return help;
    }

    /** Its name in the environment. */
    String variable() {
        return "MQTTPARTY_" + text.substring(2).replace('-', '_').toUpperCase(Locale.ROOT);
    }
}
