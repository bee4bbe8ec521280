package io.mqttparty.http.internal.downlink;

import io.mqttparty.http.internal.text.JsonWriter;
import io.mqttparty.http.spi.DownlinkResponse;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What a request can fail with, as a problem document (RFC 9457). The last part of the type is the name here in lower case. */
public enum Problem {
    /** The request is not understood. */
    BAD_REQUEST(400, "Bad request"),
    /** The request may not be served. */
    UNAUTHORIZED(401, "Unauthorized"),
    /** There is no such path. */
    NOT_FOUND(404, "Not found"),
    /** The client has no session. */
    UNKNOWN_CLIENT(404, "Unknown client"),
    /** The path has no such method. */
    METHOD_NOT_ALLOWED(405, "Method not allowed"),
    /** The request did not come in time. */
    REQUEST_TIMEOUT(408, "Request timeout"),
    /** The client is not connected. */
    OFFLINE(409, "Client is offline"),
    /** A reply on this topic is awaited already. */
    REPLY_TOPIC_IN_USE(409, "Reply topic in use"),
    /** The body is larger than allowed. */
    BODY_TOO_LARGE(413, "Body too large"),
    /** The request target is longer than allowed. */
    TARGET_TOO_LONG(414, "Request target too long"),
    /** {@code Expect} asks for what is not known. */
    EXPECTATION_FAILED(417, "Expectation failed"),
    /** Too many requests are open. */
    TOO_MANY_REQUESTS(429, "Too many requests"),
    /** The header is larger than allowed. */
    HEADER_TOO_LARGE(431, "Header too large"),
    /** An error of the bridge or of the broker. */
    INTERNAL_ERROR(500, "Internal error"),
    /** The broker or its backend does not serve. */
    UNAVAILABLE(503, "Unavailable"),
    /** The server has too many connections. */
    TOO_MANY_CONNECTIONS(503, "Too many connections"),
    /** The client did not answer in time. */
    NO_ANSWER(504, "No answer in time"),
    /** The connection of the client ended before it acknowledged the message. */
    CONNECTION_ENDED(504, "Connection ended"),
    /** The message was dropped before the client acknowledged it. */
    DROPPED(504, "Message dropped"),
    /** Only HTTP/1.0 and 1.1 are spoken. */
    VERSION_NOT_SUPPORTED(505, "HTTP version not supported");

    /** The media type of a problem document. */
    public static final String MEDIA_TYPE = "application/problem+json";

    private static final int UNAUTHORIZED_STATUS = 401;
    private static final String RETRY_AFTER_SECONDS = "1";

    private final int status;
    private final String title;
    private final String type;

    Problem(int status, String title) {
        this.status = status;
        this.title = title;
        this.type = "urn:mqttparty:problem:" + name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The status code of the answer. */
    public int status() {
        return status;
    }

    /** The answer. */
    public DownlinkResponse response(String detail) {
        return response(detail, Optional.empty());
    }

    /** The answer, with whether the message is in the queue of the client nevertheless. */
    DownlinkResponse response(String detail, boolean queued) {
        return response(detail, Optional.of(queued));
    }

    private DownlinkResponse response(String detail, Optional<Boolean> queued) {
        JsonWriter json = new JsonWriter()
                .beginObject()
                .member("type", type)
                .member("title", title)
                .member("status", status)
                .member("detail", detail);
        queued.ifPresent(value -> json.member("queued", value));
        return new DownlinkResponse(status, headers(), json.endObject().toPayload());
    }

    private Map<String, String> headers() {
        Map<String, String> headers = new HashMap<>(Answers.headers(MEDIA_TYPE));
        if (isOverload()) {
            headers.put("retry-after", RETRY_AFTER_SECONDS);
        }
        if (status == UNAUTHORIZED_STATUS) {
            headers.put("www-authenticate", "Bearer realm=\"mqttparty\"");
        }
        return headers;
    }

    private boolean isOverload() {
        return this == TOO_MANY_REQUESTS || this == UNAVAILABLE || this == TOO_MANY_CONNECTIONS;
    }
}
