package io.mqttparty.http.internal.client;

import java.net.ConnectException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;
import java.util.Map;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;

/** A call has no whole answer. A backend can cause it at will, so it has no stack trace. */
public final class CallException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private static final HttpHeaders NO_HEADERS = HttpHeaders.of(Map.of(), (name, value) -> true);

    /** Why there is no whole answer. */
    public enum Kind {
        /** It was not sent: too many calls wait already, or its time was over before it could be sent. */
        BUSY,
        /** It was not sent, since whoever makes the request does not want it to be now. */
        NOT_NOW,
        /** The answer was not there in time. */
        TIMEOUT,
        /** The body of the answer is larger than allowed; its status and headers count all the same. */
        TOO_LARGE,
        /** There was no connection, or it ended before the answer did. */
        CONNECTION,
        /** The client was closed. */
        CLOSED
    }

    private final Kind kind;
    private final transient HttpResponse.@Nullable ResponseInfo head;

    CallException(Kind kind, HttpResponse.@Nullable ResponseInfo head, String message, @Nullable Throwable cause) {
        super(message, cause, false, false);
        this.kind = kind;
        this.head = head;
    }

    /** Thrown instead of making a request: it is not to be sent now. */
    public static CallException notNow() {
        return new CallException(Kind.NOT_NOW, null, "not now", null);
    }

    /** Why there is no whole answer. */
    public Kind kind() {
        return kind;
    }

    /** The status of the answer, whose head had come; 0 if it had not. */
    public int status() {
        return head == null ? 0 : head.statusCode();
    }

    /** The headers of the answer, whose head had come; none if it had not. */
    public HttpHeaders headers() {
        return head == null ? NO_HEADERS : head.headers();
    }

    /** Whether the backend has answered with a status of 2xx, though the body is not there. */
    public boolean isSuccess() {
        return Answer.isSuccess(status());
    }

    /** Whether the backend cannot have seen the request: it was not sent, or there was no connection, or none that both sides trust. */
    public boolean isUnsent() {
        Throwable cause = getCause();
        return kind == Kind.BUSY
                || kind == Kind.NOT_NOW
                || cause instanceof ConnectException
                || cause instanceof HttpConnectTimeoutException
                || cause instanceof SSLHandshakeException;
    }
}
