package io.mqttparty.http.internal.client;

import io.mqttparty.model.Payload;
import java.util.function.BiConsumer;

/** Puts a signature into the headers of a request. Any thread calls it, once for each try. */
@FunctionalInterface
public interface RequestSigner {
    /** Requests are not signed. */
    RequestSigner NONE = (id, epochSeconds, body, headers) -> {};

    /**
     * Signs one try.
     *
     * @param id the id of the event, the same for each try
     * @param epochSeconds the time of this try, in seconds since 1970 UTC
     * @param body what is sent
     * @param headers takes each header that belongs to the signature
     */
    void sign(String id, long epochSeconds, Payload body, BiConsumer<String, String> headers);
}
