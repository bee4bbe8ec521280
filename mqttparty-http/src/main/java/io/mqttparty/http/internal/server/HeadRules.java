package io.mqttparty.http.internal.server;

import io.mqttparty.http.internal.downlink.Problem;
import io.mqttparty.http.spi.DownlinkResponse;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.TooLongHttpLineException;
import java.util.List;
import java.util.Optional;

/** What the head of a request must be before anybody looks at what it asks for. */
final class HeadRules {
    private static final String CHUNKED = "chunked";

    private HeadRules() {}

    /** Why the connection cannot go on, if so: where the request ends is not certain. */
    static Optional<DownlinkResponse> violation(HttpRequest head) {
        if (head.decoderResult().isFailure()) {
            return Optional.of(undecodable(head.decoderResult().cause()));
        }
        HttpVersion version = head.protocolVersion();
        if (!version.equals(HttpVersion.HTTP_1_1) && !version.equals(HttpVersion.HTTP_1_0)) {
            return Optional.of(Problem.VERSION_NOT_SUPPORTED.response("this server speaks HTTP/1.1"));
        }
        HttpHeaders headers = head.headers();
        List<String> codings = headers.getAll(HttpHeaderNames.TRANSFER_ENCODING);
        boolean oneCoding = codings.size() == 1 && codings.get(0).equalsIgnoreCase(CHUNKED);
        if (!codings.isEmpty() && (!oneCoding || !isOneDotOne(head))) {
            return bad("Transfer-Encoding: another one (expected: chunked)");
        }
        int hosts = headers.getAll(HttpHeaderNames.HOST).size();
        if (hosts > 1 || (hosts == 0 && isOneDotOne(head))) {
            return bad("Host: " + hosts + " times (expected: once)");
        }
        if (target(head).isEmpty()) {
            return bad("request target: no path (expected: /...)");
        }
        return Optional.empty();
    }

    static boolean isOneDotOne(HttpRequest head) {
        return head.protocolVersion().equals(HttpVersion.HTTP_1_1);
    }

    private static Optional<DownlinkResponse> bad(String detail) {
        return Optional.of(Problem.BAD_REQUEST.response(detail));
    }

    private static DownlinkResponse undecodable(Throwable cause) {
        if (cause instanceof TooLongHttpLineException) {
            return Problem.TARGET_TOO_LONG.response("the request target is too long");
        }
        return cause instanceof TooLongFrameException
                ? Problem.HEADER_TOO_LARGE.response("the header is too large")
                : Problem.BAD_REQUEST.response("this is no request of HTTP/1.1");
    }

    /** Path and query; empty if it is none of the forms that have a path (RFC 9112, section 3.2). */
    static String target(HttpRequest head) {
        String uri = head.uri();
        if (uri.startsWith("/")) {
            return uri;
        }
        if (!uri.regionMatches(true, 0, "http://", 0, 7) && !uri.regionMatches(true, 0, "https://", 0, 8)) {
            return "";
        }
        int path = uri.indexOf('/', uri.indexOf("://") + 3);
        return path < 0 ? "/" : uri.substring(path);
    }
}
