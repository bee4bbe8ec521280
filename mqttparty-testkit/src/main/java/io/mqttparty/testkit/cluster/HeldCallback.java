package io.mqttparty.testkit.cluster;

import io.mqttparty.spi.Owner;
import io.mqttparty.spi.SessionStore.EnqueueCallback;
import java.util.ArrayList;
import java.util.List;

/** Keeps the answers of the legs of one enqueue until they are released. */
final class HeldCallback implements EnqueueCallback {
    private final EnqueueCallback callback;
    private final List<Runnable> answers = new ArrayList<>();

    HeldCallback(EnqueueCallback callback) {
        this.callback = callback;
    }

    void release() {
        answers.forEach(Runnable::run);
    }

    @Override
    public void onStored(int leg, long seq, Owner owner, long acknowledgedUpTo) {
        answers.add(() -> callback.onStored(leg, seq, owner, acknowledgedUpTo));
    }

    @Override
    public void onFailed(int leg, Throwable cause) {
        answers.add(() -> callback.onFailed(leg, cause));
    }
}
