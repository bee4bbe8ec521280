package io.mqttparty.model;

/** The bytes that a peer sent do not form a packet of the standard, or one beyond a limit. Stackless. */
public final class MalformedPacketException extends PeerException {
    private static final long serialVersionUID = 1L;

    /** A packet that breaks this clause. The message must be a constant or cheap: a peer can cause it at will. */
    public MalformedPacketException(String clause, String message) {
        this(clause, message, ReasonCode.MALFORMED_PACKET);
    }

    /** A packet that breaks this clause or limit, with the code that names it best. */
    public MalformedPacketException(String clause, String message, ReasonCode reasonCode) {
        super(clause, message, reasonCode);
    }
}
