package io.mqttparty.http.internal.downlink;

import io.mqttparty.http.spi.DownlinkResponse;

/** The request is answered with a problem. Callers cause it, so it has no stack trace. */
final class ProblemException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Problem problem;

    ProblemException(Problem problem, String detail) {
        super(detail, null, false, false);
        this.problem = problem;
    }

    static ProblemException badRequest(String detail) {
        return new ProblemException(Problem.BAD_REQUEST, detail);
    }

    DownlinkResponse response() {
        return problem.response(String.valueOf(getMessage()));
    }
}
