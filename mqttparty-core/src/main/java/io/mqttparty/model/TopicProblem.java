package io.mqttparty.model;

/** Why a text is no topic name or no topic filter, told to the one whose fault it is. */
enum TopicProblem {
    EMPTY("MQTT-4.7.3-1", "at least one character"),
    NUL("MQTT-4.7.3-2", "no U+0000"),
    TOO_LONG("MQTT-4.7.3-3", "at most 65535 bytes of UTF-8"),
    WILDCARD("MQTT-4.7.1-1", "no '+' and no '#'"),
    MULTI_LEVEL("MQTT-4.7.1-2", "'#' alone in the last level"),
    SINGLE_LEVEL("MQTT-4.7.1-3", "'+' alone in its level"),
    /** A clause of MQTT 5. */
    SHARE("4.8.2", "$share/group/filter");

    private static final int SHOWN_CHARACTERS = 80;

    private final String clause;
    private final String rule;
    private final String message;

    TopicProblem(String clause, String rule) {
        this.clause = clause;
        this.rule = rule;
        this.message = "topic (expected: " + rule + ")";
    }

    /** The fault of the peer: stackless, with a constant message. */
    MalformedPacketException malformed(ReasonCode reasonCode) {
        return new MalformedPacketException(clause, message, reasonCode);
    }

    /** The fault of the caller. */
    IllegalArgumentException illegalArgument(String name, String value) {
        String shown = value.length() <= SHOWN_CHARACTERS ? value : value.substring(0, SHOWN_CHARACTERS) + "…";
        return new IllegalArgumentException(name + ": " + shown + " (expected: " + rule + ")");
    }
}
