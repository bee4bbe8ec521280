package io.mqttparty.http.internal.client;

import io.mqttparty.model.Payload;
import java.net.http.HttpHeaders;

/**
 * What a backend answered.
 *
 * @param status the status code, whatever it is
 * @param headers the headers
 * @param body the whole body of an answer of 2xx; empty for the others, whose bodies are read and forgotten
 */
public record Answer(int status, HttpHeaders headers, Payload body) {
    /** Whether the status is 2xx. */
    public boolean isSuccess() {
        return isSuccess(status);
    }

    /** Whether a status is 2xx. */
    static boolean isSuccess(int status) {
        return status >= 200 && status < 300;
    }

    /** The status alone: the rest may hold secrets. */
    @Override
    public String toString() {
        return "Answer[" + status + "]";
    }
}
