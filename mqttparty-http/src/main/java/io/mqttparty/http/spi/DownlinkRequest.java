package io.mqttparty.http.spi;

import static java.util.Objects.requireNonNull;

import io.mqttparty.model.Payload;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * One HTTP request of the downlink, whatever server took it. Path and query are as they came, percent-encoded: who decodes them before cannot tell a
 * {@code /} in a client id from one of the path.
 *
 * @param method such as {@code POST}; upper and lower case differ
 * @param path begins with {@code /}; without query
 * @param query what follows the question mark; empty if there is none
 * @param headers all values by name; made lower case here
 * @param body its bytes, after transfer and content codings were taken off
 */
public record DownlinkRequest(
        String method, String path, String query, Map<String, List<String>> headers, Payload body) {
    /** Copies the headers. */
    public DownlinkRequest {
        requireNonNull(method, "method");
        requireNonNull(path, "path");
        requireNonNull(query, "query");
        requireNonNull(body, "body");
        Map<String, List<String>> copy = new TreeMap<>();
        headers.forEach((name, values) -> copy.computeIfAbsent(name.toLowerCase(Locale.ROOT), n -> new ArrayList<>())
                .addAll(values));
        copy.replaceAll((name, values) -> List.copyOf(values));
        headers = Collections.unmodifiableMap(copy);
    }

    /** A request for a target that is path and query in one, as in the first line of a request. */
    public static DownlinkRequest of(String method, String target, Map<String, List<String>> headers, Payload body) {
        int mark = target.indexOf('?');
        return mark < 0
                ? new DownlinkRequest(method, target, "", headers, body)
                : new DownlinkRequest(method, target.substring(0, mark), target.substring(mark + 1), headers, body);
    }

    /** All values of a header, whose name is given in lower case; none if there is no such header. */
    public List<String> header(String name) {
        return headers.getOrDefault(name, List.of());
    }

    /** Method and path only: headers hold secrets. */
    @Override
    public String toString() {
        return "DownlinkRequest[" + method + " " + path + "]";
    }
}
