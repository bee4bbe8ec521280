package io.mqttparty.http.internal.client;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.Optional;

/**
 * A request that is what it was made with. The builder of the JDK checks and sorts the headers once more than the client does, which checks those of each request anyway.
 */
public final class PlainRequest extends HttpRequest {
    private final HttpClient.Version version;
    private final String method;
    private final URI uri;
    private final HttpHeaders headers;
    private final BodyPublisher body;

    /** A request without a timeout, which does not ask whether it may go on. */
    public PlainRequest(HttpClient.Version version, String method, URI uri, HttpHeaders headers, BodyPublisher body) {
        this.version = version;
        this.method = method;
        this.uri = uri;
        this.headers = headers;
        this.body = body;
    }

    @Override
    public Optional<BodyPublisher> bodyPublisher() {
        return Optional.of(body);
    }

    @Override
    public String method() {
        return method;
    }

    @Override
    public Optional<Duration> timeout() {
        return Optional.empty();
    }

    @Override
    public boolean expectContinue() {
        return false;
    }

    @Override
    public URI uri() {
        return uri;
    }

    @Override
    public Optional<HttpClient.Version> version() {
        return Optional.of(version);
    }

    @Override
    public HttpHeaders headers() {
        return headers;
    }

    /** The method and where it goes, without headers, which may hold secrets. */
    @Override
    public String toString() {
        return method + " " + uri;
    }
}
