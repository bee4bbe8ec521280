package io.mqttparty.http.spi;

import static java.util.Objects.requireNonNull;

import io.mqttparty.model.Payload;
import java.util.HashMap;
import java.util.Map;

/**
 * The answer to a {@link DownlinkRequest}. Names and values of headers are checked here to be visible ASCII, so that no client id and no topic can add a
 * header of its own.
 *
 * @param status 200 to 599
 * @param headers with lower-case names, at most one value each; {@code content-length} and {@code date} are the server's
 * @param body its bytes
 */
public record DownlinkResponse(int status, Map<String, String> headers, Payload body) {
    /** Checks status and headers, and copies these. */
    public DownlinkResponse {
        if (status < 200 || status > 599) {
            throw new IllegalArgumentException("status: " + status + " (expected: 200 to 599)");
        }
        requireNonNull(body, "body");
        headers = Map.copyOf(headers);
        headers.forEach(DownlinkResponse::check);
    }

    private static void check(String name, String value) {
        if (name.isEmpty()
                || !name.chars().allMatch(c -> c == '-' || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))) {
            throw new IllegalArgumentException("header: a name with other characters (expected: a-z, 0-9 and -)");
        }
        if (!value.chars().allMatch(c -> c >= ' ' && c < 0x7F)) {
            throw new IllegalArgumentException("header " + name + ": other characters (expected: visible ASCII)");
        }
    }

    /** The same with one more header, or with this one instead of what it was. */
    public DownlinkResponse withHeader(String name, String value) {
        Map<String, String> more = new HashMap<>(headers);
        more.put(name, value);
        return new DownlinkResponse(status, more, body);
    }
}
