package io.mqttparty.http.internal.client;

import java.util.concurrent.CompletionException;

/** Why stages fail. */
public final class Causes {
    private Causes() {}

    /** The failure that a stage has passed on, without what the stages wrapped it in. */
    public static Throwable of(Throwable failure) {
        Throwable cause = failure.getCause();
        return failure instanceof CompletionException && cause != null ? cause : failure;
    }
}
