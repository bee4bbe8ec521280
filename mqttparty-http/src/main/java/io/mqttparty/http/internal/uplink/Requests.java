package io.mqttparty.http.internal.uplink;

import io.mqttparty.http.internal.client.PayloadPublisher;
import io.mqttparty.http.internal.client.RequestSigner;
import io.mqttparty.http.internal.text.Hex;
import io.mqttparty.http.internal.text.PercentEncoding;
import io.mqttparty.http.internal.text.Rfc3339;
import java.net.URI;
import java.net.http.HttpRequest;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * Makes the requests of one route: CloudEvents 1.0 in the binary mode of HTTP, where the attributes are headers and the body is the payload as it came. The trace of
 * an event has the id of the event, so that both are the same for all tries; the span is new for each.
 */
public final class Requests {
    private static final long MILLIS_OF_SECOND = 1_000;

    private final String method;
    private final HttpRequest.Builder common;
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
     * @param headers further headers
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
        common = HttpRequest.newBuilder()
                .header("ce-specversion", "1.0")
                .header("ce-type", type)
                .header("ce-source", source)
                .header("content-type", contentType);
        headers.forEach(each -> common.header(each.getKey(), each.getValue()));
    }

    /** The request for one try. */
    HttpRequest.Builder request(URI url, Event event) {
        HttpRequest.Builder request = common.copy()
                .uri(url)
                .header("ce-id", event.id())
                .header("ce-subject", PercentEncoding.headerValue(event.topic().value()))
                .header("ce-time", times.text(event.timeMillis()))
                .header(
                        "ce-clientid",
                        PercentEncoding.headerValue(event.client().value()))
                .header("idempotency-key", event.id())
                .header("traceparent", "00-" + event.id() + "-" + span() + "-01")
                .method(method, PayloadPublisher.of(event.payload()));
        ClientEvents.typeOf(event.topic())
                .ifPresent(type ->
                        request.setHeader("ce-type", type).setHeader("content-type", ClientEvents.CONTENT_TYPE));
        if (signer != RequestSigner.NONE) {
            signer.sign(event.id(), clock.millis() / MILLIS_OF_SECOND, event.payload(), request::header);
        }
        return request;
    }

    private String span() {
        long id = random.nextLong();
        return Hex.of(id == 0 ? 1 : id); // all zeroes is invalid
    }
}
