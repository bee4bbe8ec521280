package io.mqttparty.http.internal.downlink;

import io.mqttparty.http.spi.DownlinkResponse;
import io.mqttparty.model.ClientCallException;
import io.mqttparty.model.MqttPartyException;
import java.util.Optional;
import java.util.concurrent.CompletionException;

/** What a failed call is answered with. */
final class Failures {
    private static final String BACKEND = "the broker or its backend does not serve";

    private Failures() {}

    static Throwable unwrap(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }

    /** The answer; empty if nobody has foreseen the failure. */
    static Optional<DownlinkResponse> response(Throwable failure) {
        if (failure instanceof ProblemException problem) {
            return Optional.of(problem.response());
        }
        if (failure instanceof ClientCallException call) {
            return Optional.of(response(call));
        }
        return failure instanceof MqttPartyException
                ? Optional.of(Problem.UNAVAILABLE.response(BACKEND))
                : Optional.empty();
    }

    private static DownlinkResponse response(ClientCallException failure) {
        String detail = String.valueOf(failure.getMessage());
        return switch (failure.reason()) {
            case UNKNOWN_CLIENT -> Problem.UNKNOWN_CLIENT.response(detail);
            case OFFLINE -> Problem.OFFLINE.response(detail);
            case REPLY_TOPIC_IN_USE -> Problem.REPLY_TOPIC_IN_USE.response(detail);
            case TOO_MANY_CALLS -> Problem.TOO_MANY_REQUESTS.response(detail, failure.isQueued());
            case NO_ANSWER -> Problem.NO_ANSWER.response(detail, failure.isQueued());
            case CONNECTION_ENDED -> Problem.CONNECTION_ENDED.response(detail, failure.isQueued());
            case DROPPED -> Problem.DROPPED.response(detail, failure.isQueued());
            case UNAVAILABLE -> Problem.UNAVAILABLE.response(BACKEND);
        };
    }
}
