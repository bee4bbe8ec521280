package io.mqttparty.examples;

import java.util.Locale;

/** The options of {@link Standalone}. */
enum StandaloneOption {
    MQTT_PORT("--mqtt-port", "PORT", "Port for MQTT over TCP; 0 takes any free one. Default: 1883."),
    BIND("--bind", "ADDRESS", "Local address to listen on; 0.0.0.0 for all. Default: 127.0.0.1."),
    MAX_INFLIGHT("--max-inflight", "N", "Most unacknowledged QoS 1 and 2 messages to one client. Default: 32."),
    NODE_ID("--node-id", "NAME", "Name of this node: letters, digits, - and _. Default: node."),
    USER("--user", "NAME:PASSWORD", """
            A user who may connect; can be repeated. Others on this machine may see the command line:
            the environment is the better place."""),
    ALLOW_ANONYMOUS("--allow-anonymous", "", """
            Let everybody connect; together with --user, everybody who sends no user name. Needed if
            there is no --user."""),
    PROXY_PROTOCOL("--proxy-protocol", "[=NETWORK,...]", """
            Demand a PROXY header (version 1 or 2) of every connection, and take connections from
            these networks only. Without a value: from this machine, 127.0.0.0/8,::1."""),
    HELP("--help", "", "Show this text."),
    VERSION("--version", "", "Show the version.");

    private static final String HEADER = """
            Usage: java -jar mqttparty-standalone.jar [OPTION...]
            An MQTT 3.1.1 broker that keeps its state in memory.

            """;
    private static final String FOOTER = """

            Each option can be set in the environment too: --mqtt-port is MQTTPARTY_MQTT_PORT, and so on. The
            command line goes first. There a switch is true or false, and users are separated by newlines.
            Exit codes: 0 ended by SIGTERM, 1 cannot serve, 2 wrong options.
            """;

    private final String text;
    private final String value;
    private final String help;

    StandaloneOption(String text, String value, String help) {
        this.text = text;
        this.value = value;
        this.help = help;
    }

    /** As it is written on the command line. */
    String text() {
        return text;
    }

    /** What its value is called; empty for a switch. */
    String value() {
        return value;
    }

    /** Whether a value has to follow. Otherwise it can be joined with an equals sign. */
    boolean needsValue() {
        return !value.isEmpty() && value.charAt(0) != '[';
    }

    /** Its name in the environment. */
    String variable() {
        return "MQTTPARTY_" + text.substring(2).replace('-', '_').toUpperCase(Locale.ROOT);
    }

    /** All of them, for people. */
    static String usage() {
        StringBuilder usage = new StringBuilder(HEADER);
        for (StandaloneOption option : values()) {
            String separator = option.needsValue() ? " " : "";
            usage.append("  " + option.text + separator + option.value + "\n" + option.help.indent(8));
        }
        return usage.append(FOOTER).toString();
    }
}
