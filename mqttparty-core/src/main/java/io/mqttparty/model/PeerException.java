package io.mqttparty.model;

/**
 * The peer broke the protocol. It always ends in closing that connection [MQTT-4.8.0-1]. A peer can cause it at will, so it has no stack
 * trace and costs next to nothing.
 */
public abstract sealed class PeerException extends RuntimeException
        permits MalformedPacketException, ProtocolViolationException {
    private static final long serialVersionUID = 1L;

    private final String clause;
    private final ReasonCode reasonCode;

    PeerException(String clause, String message, ReasonCode reasonCode) {
        super(message, null, false, false);
        this.clause = clause;
        this.reasonCode = reasonCode;
    }

    /** The clause and what is wrong. Put together here, since most of these exceptions are never printed. */
    @Override
    public final String getMessage() {
        return "[" + clause + "] " + super.getMessage();
    }

    /** The statement or section of the standard that was broken, such as {@code MQTT-3.1.0-1} or {@code 2.2.3}. */
    public final String clause() {
        return clause;
    }

    /** The reason as MQTT 5 would name it. */
    public final ReasonCode reasonCode() {
        return reasonCode;
    }
}
