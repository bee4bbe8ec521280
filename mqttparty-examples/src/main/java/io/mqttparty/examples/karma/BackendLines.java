package io.mqttparty.examples.karma;

/** What the backend has seen since the line before. */
final class BackendLines {
    private final KarmaBackend backend;
    private final Commands commands;
    private long requests;
    private long answered;

    BackendLines(KarmaBackend backend, Commands commands) {
        this.backend = backend;
        this.commands = commands;
    }

    String next() {
        long requestsBefore = requests;
        long answeredBefore = answered;
        requests = backend.requests();
        answered = commands.answered();
        return String.format(
                "backend %d requests, %d commands answered (%s), %d missed in all",
                requests - requestsBefore,
                answered - answeredBefore,
                commands.roundTrips().take(),
                commands.missed() + commands.wrong());
    }
}
