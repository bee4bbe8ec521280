package io.mqttparty.model;

/**
 * Why something was refused or ended, in the vocabulary of MQTT 5 (section 2.4), which is finer than that of 3.1.1. For a 3.1.1 client
 * a refused CONNECT is mapped to one of the five return codes of CONNACK; everything else only closes the connection.
 */
public enum ReasonCode {
    /** Done as asked; of a connection: it ended with DISCONNECT. */
    SUCCESS(0x00),
    /** Something went wrong that no other code names; of a connection: it was lost without DISCONNECT. */
    UNSPECIFIED_ERROR(0x80),
    /** The bytes do not form a packet of the standard. */
    MALFORMED_PACKET(0x81),
    /** A well-formed packet that is not allowed here. */
    PROTOCOL_ERROR(0x82),
    /** The packet is right, but this broker does not do what it asks. */
    IMPLEMENTATION_SPECIFIC_ERROR(0x83),
    /** The protocol level of CONNECT is not served. */
    UNSUPPORTED_PROTOCOL_VERSION(0x84),
    /** The client id is not allowed. */
    CLIENT_IDENTIFIER_NOT_VALID(0x85),
    /** User name or password is wrong. */
    BAD_USER_NAME_OR_PASSWORD(0x86),
    /** The client may not do this. */
    NOT_AUTHORIZED(0x87),
    /** The broker or a part it needs cannot serve now. */
    SERVER_UNAVAILABLE(0x88),
    /** The broker is at a limit; try again later. */
    SERVER_BUSY(0x89),
    /** The broker is being closed. */
    SERVER_SHUTTING_DOWN(0x8B),
    /** Nothing came for one and a half times the keep alive (section 3.1.2.10). */
    KEEP_ALIVE_TIMEOUT(0x8D),
    /** Another connection with the same client id took the session over. */
    SESSION_TAKEN_OVER(0x8E),
    /** A topic filter is not allowed. */
    TOPIC_FILTER_INVALID(0x8F),
    /** A topic name is not allowed. */
    TOPIC_NAME_INVALID(0x90),
    /** The packet is larger than the limit. */
    PACKET_TOO_LARGE(0x95),
    /** A rate limit was passed. */
    MESSAGE_RATE_TOO_HIGH(0x96),
    /** A limit of this client was passed. */
    QUOTA_EXCEEDED(0x97),
    /** Somebody asked the broker to do it. */
    ADMINISTRATIVE_ACTION(0x98);

    private final int value;

    ReasonCode(int value) {
        this.value = value;
    }

    /** The code as one byte of MQTT 5, 0 to 255. */
    public int value() {
        return value;
    }

    /** Whether this code names a refusal or a failure. */
    public boolean isError() {
        return value >= 0x80;
    }
}
