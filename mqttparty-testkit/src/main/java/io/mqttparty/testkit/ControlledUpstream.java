package io.mqttparty.testkit;

import io.mqttparty.spi.Upstream;
import java.util.concurrent.CompletionStage;

/** An upstream whose stages the test completes, see {@link #calls()}. */
public final class ControlledUpstream implements Upstream {
    private final ControlledCalls<Request, Answer> calls = new ControlledCalls<>();

    /** All that an upstream can say, short of failing. */
    public enum Answer {
        /** It has the message. */
        TAKEN
    }

    /** The calls, and what becomes of them. */
    public ControlledCalls<Request, Answer> calls() {
        return calls;
    }

    /** Takes the message that has waited longest. */
    public void take() {
        calls.answer(Answer.TAKEN);
    }

    @Override
    public CompletionStage<Void> onPublish(Request request) {
        return calls.onCall(request).thenAccept(taken -> {});
    }
}
