package io.mqttparty.internal.packet;

import io.mqttparty.model.ReasonCode;

/** The return codes of CONNACK (section 3.2.2.3); the ordinal is the code. */
public enum ConnackCode {
    ACCEPTED,
    UNACCEPTABLE_PROTOCOL_VERSION,
    IDENTIFIER_REJECTED,
    SERVER_UNAVAILABLE,
    BAD_USER_NAME_OR_PASSWORD,
    NOT_AUTHORIZED;

    /** The code that says best to a 3.1.1 client what this reason means. */
    public static ConnackCode of(ReasonCode reason) {
        return switch (reason) {
            case SUCCESS -> ACCEPTED;
            case UNSUPPORTED_PROTOCOL_VERSION -> UNACCEPTABLE_PROTOCOL_VERSION;
            case CLIENT_IDENTIFIER_NOT_VALID -> IDENTIFIER_REJECTED;
            case BAD_USER_NAME_OR_PASSWORD -> BAD_USER_NAME_OR_PASSWORD;
            case NOT_AUTHORIZED, TOPIC_NAME_INVALID, TOPIC_FILTER_INVALID, ADMINISTRATIVE_ACTION -> NOT_AUTHORIZED;
            default -> SERVER_UNAVAILABLE;
        };
    }
}
