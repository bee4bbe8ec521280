package io.mqttparty.model;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * What the application asked of one client did not come about. The reason is for programs, the message for people. Traffic causes it, so it has no
 * stack trace.
 */
public final class ClientCallException extends MqttPartyException {
    private static final long serialVersionUID = 1L;

    private final Reason reason;
    private final boolean queued;

    private ClientCallException(Reason reason, boolean queued, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.reason = requireNonNull(reason, "reason");
        this.queued = queued;
    }

    /** A failure after which nothing is left of the call. */
    public ClientCallException(Reason reason, String message) {
        this(reason, false, message, null);
    }

    /** A failure of what is around the broker. */
    public static ClientCallException unavailable(String message, Throwable cause) {
        return new ClientCallException(Reason.UNAVAILABLE, false, message, cause);
    }

    /** The same failure of a call whose message stays in the queue of the client's session. */
    public ClientCallException whileQueued() {
        return new ClientCallException(reason, true, String.valueOf(getMessage()), getCause());
    }

    /** Why. */
    public Reason reason() {
        return reason;
    }

    /** Whether the message is in the queue of the client's session nevertheless, so that the client still gets it unless its time is over. */
    public boolean isQueued() {
        return queued;
    }

    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }

    /** Why a call to a client failed. */
    public enum Reason {
        /** The client has no session. */
        UNKNOWN_CLIENT,
        /** The client is not connected. */
        OFFLINE,
        /** The client, or the node that it is connected to, did not answer in time. */
        NO_ANSWER,
        /** The connection of the client ended before it acknowledged the message. */
        CONNECTION_ENDED,
        /** The message was dropped before it was acknowledged: its time was over, the queue was full, or the client may not receive it. */
        DROPPED,
        /** A reply of this client on this topic is awaited already. */
        REPLY_TOPIC_IN_USE,
        /** Too many calls are open, here or on the node of the client: try again later. */
        TOO_MANY_CALLS,
        /** The broker is closed or closing, or its backend failed. */
        UNAVAILABLE
    }
}
