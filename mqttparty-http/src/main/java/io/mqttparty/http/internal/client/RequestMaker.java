package io.mqttparty.http.internal.client;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;

/** Makes the request of a call when it is sent: more than once if the server did not take it over HTTP/2. Any thread may call it. */
@FunctionalInterface
public interface RequestMaker {
    /**
     * The request, without a timeout.
     *
     * @param version what it is to be sent with
     * @throws CallException {@link CallException#notNow} if it is not to be sent, with which the call fails then
     */
    HttpRequest make(HttpClient.Version version);
}
