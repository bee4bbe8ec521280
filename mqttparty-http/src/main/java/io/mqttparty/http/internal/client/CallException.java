package io.mqttparty.http.internal.client;

import java.net.ConnectException;
import java.net.http.HttpConnectTimeoutException;
import org.jspecify.annotations.Nullable;

/** A call has no whole answer. A backend can cause it at will, so it has no stack trace. */
public final class CallException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Why there is no whole answer. */
    public enum Kind {
        /** It was not sent: too many calls wait already, or its time was over before it could be sent. */
        BUSY,
        /** The answer was not there in time. */
        TIMEOUT,
        /** The body of the answer is larger than allowed. */
        TOO_LARGE,
        /** There was no connection, or it ended before the answer did. */
        CONNECTION,
        /** The client was closed. */
        CLOSED
    }

    private final Kind kind;
    private final int status;

    CallException(Kind kind, int status, String message, @Nullable Throwable cause) {
        super(message, cause, false, false);
        this.kind = kind;
        this.status = status;
    }

    /** Why there is no whole answer. */
    public Kind kind() {
        return kind;
    }

    /** The status of the answer, whose head had come; 0 if it had not. */
    public int status() {
        return status;
    }

    /** Whether the backend has answered with a status of 2xx, though the body is not there. */
    public boolean isSuccess() {
        return Answer.isSuccess(status);
    }

    /** Whether the backend cannot have seen the request. */
    public boolean isUnsent() {
        Throwable cause = getCause();
        return kind == Kind.BUSY || cause instanceof ConnectException || cause instanceof HttpConnectTimeoutException;
    }
}
