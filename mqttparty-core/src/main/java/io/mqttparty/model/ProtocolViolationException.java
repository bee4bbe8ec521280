package io.mqttparty.model;

/** A peer sent a well-formed packet that is not allowed in this state. Stackless. */
public final class ProtocolViolationException extends PeerException {
    private static final long serialVersionUID = 1L;

    /** A breach of this clause. */
    public ProtocolViolationException(String clause, String message) {
        this(clause, message, ReasonCode.PROTOCOL_ERROR);
    }

    /** A breach of this clause or limit, with the code that names it best. */
    public ProtocolViolationException(String clause, String message, ReasonCode reasonCode) {
        super(clause, message, reasonCode);
    }
}
