package io.mqttparty.http.internal.downlink;

import io.mqttparty.http.internal.text.JsonWriter;
import io.mqttparty.http.spi.DownlinkResponse;
import io.mqttparty.model.Payload;
import java.util.Map;

/** Answers that are no problems. */
final class Answers {
    static final int OK = 200;
    static final int ACCEPTED = 202;

    private Answers() {}

    static DownlinkResponse json(int status, JsonWriter json) {
        return new DownlinkResponse(status, headers("application/json"), json.toPayload());
    }

    /** {@code {"result":…}}. */
    static DownlinkResponse result(int status, String result) {
        return json(
                status, new JsonWriter().beginObject().member("result", result).endObject());
    }

    static DownlinkResponse text(int status, String text) {
        return new DownlinkResponse(status, headers("text/plain; charset=utf-8"), Payload.utf8(text));
    }

    /** What a device sent, as it sent it. */
    static DownlinkResponse bytes(Payload payload) {
        return new DownlinkResponse(OK, headers("application/octet-stream"), payload);
    }

    static DownlinkResponse document(String mediaType, Payload document) {
        return new DownlinkResponse(OK, headers(mediaType), document);
    }

    /** The headers of every answer: nothing is kept by caches, and no browser takes a payload for something else. */
    static Map<String, String> headers(String mediaType) {
        return Map.of("content-type", mediaType, "cache-control", "no-store", "x-content-type-options", "nosniff");
    }
}
