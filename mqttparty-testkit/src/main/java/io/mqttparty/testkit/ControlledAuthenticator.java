package io.mqttparty.testkit;

import io.mqttparty.model.ReasonCode;
import io.mqttparty.spi.Authenticator;
import java.util.concurrent.CompletionStage;

/** An authenticator whose answers the test gives, see {@link #calls()}. */
public final class ControlledAuthenticator implements Authenticator {
    private final ControlledCalls<Request, Result> calls = new ControlledCalls<>();

    /** The calls, and what becomes of them. */
    public ControlledCalls<Request, Result> calls() {
        return calls;
    }

    /** Accepts the client that has waited longest. */
    public void accept() {
        calls.answer(Result.accepted());
    }

    /** Refuses the client that has waited longest. */
    public void refuse(ReasonCode reasonCode) {
        calls.answer(Result.refused(reasonCode));
    }

    @Override
    public CompletionStage<Result> authenticate(Request request) {
        return calls.onCall(request);
    }
}
