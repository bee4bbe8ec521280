package io.mqttparty.http.internal.uplink;

import io.mqttparty.http.internal.client.PayloadPublisher;
import io.mqttparty.http.internal.client.PlainRequest;
import io.mqttparty.http.internal.client.RequestSigner;
import io.mqttparty.http.internal.text.Hex;
import io.mqttparty.http.internal.text.PercentEncoding;
import io.mqttparty.http.internal.text.Rfc3339;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/**
 * Makes the requests of one route: CloudEvents 1.0 in the binary mode of HTTP, where the attributes are headers and the body is the payload as it came. The trace of
 * an event has the id of the event, so that both are the same for all tries; the span is new for each.
 */
public final class Requests {
    private static final long MILLIS_OF_SECOND = 1_000;

    private final String method;
    private final Map<String, List<String>> common;
    private final RequestSigner signer;
    private final InstantSource clock;
    private final Rfc3339 times = new Rfc3339();
    private final RandomGenerator random;

    /**
     * Requests of one route.
     *
     * @param method the method, such as POST
     * @param type the attribute {@code type}
     * @param source the attribute {@code source}
     * @param contentType the type of the payload
     * @param headers further headers, none of those that events have, and such that the HTTP client takes
     * @param random for the ids of spans; several threads use it
     */
    public Requests(
            String method,
            String type,
            String source,
            String contentType,
            List<Map.Entry<String, String>> headers,
            RequestSigner signer,
            InstantSource clock,
            RandomGenerator random) {
        this.method = method;
        this.signer = signer;
        this.clock = clock;
        this.random = random;
        Map<String, List<String>> all = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        all.put("ce-specversion", List.of("1.0"));
        all.put("ce-type", List.of(type));
        all.put("ce-source", List.of(source));
        all.put("content-type", List.of(contentType));
        headers.forEach(each -> all.merge(
                each.getKey(),
                List.of(each.getValue()),
                (some, more) -> Stream.concat(some.stream(), more.stream()).toList()));
        common = Map.copyOf(all);
    }

    /** The request for one try. */
    HttpRequest request(HttpClient.Version version, URI url, Event event) {
        Map<String, List<String>> headers = new HashMap<>(common);
        BiConsumer<String, String> setting = (name, value) -> headers.put(name, List.of(value));
        setting.accept("ce-id", event.id());
        setting.accept("ce-subject", PercentEncoding.headerValue(event.topic().value()));
        setting.accept("ce-time", times.text(event.timeMillis()));
        setting.accept("ce-clientid", PercentEncoding.headerValue(event.client().value()));
        setting.accept("idempotency-key", event.id());
        setting.accept("traceparent", "00-" + event.id() + "-" + span() + "-01");
        ClientEvents.typeOf(event.topic()).ifPresent(type -> {
            setting.accept("ce-type", type);
            setting.accept("content-type", ClientEvents.CONTENT_TYPE);
        });
        if (signer != RequestSigner.NONE) {
            signer.sign(event.id(), clock.millis() / MILLIS_OF_SECOND, event.payload(), setting);
        }
        HttpHeaders all = HttpHeaders.of(headers, (name, value) -> true); // the client checks them
        return new PlainRequest(version, method, url, all, PayloadPublisher.of(event.payload()));
    }

    private String span() {
        long id = random.nextLong();
        return Hex.of(id == 0 ? 1 : id); // all zeroes is invalid
    }
}
