package io.mqttparty.examples.karma;

/** What the devices have seen since the line before. */
final class FleetLines {
    private final FleetCounts counts;
    private long acknowledged;
    private long answers;
    private long commands;

    FleetLines(FleetCounts counts) {
        this.counts = counts;
    }

    String next() {
        long acknowledgedBefore = acknowledged;
        long answersBefore = answers;
        long commandsBefore = commands;
        acknowledged = counts.acknowledged.get();
        answers = counts.answers.get();
        commands = counts.commands.get();
        return String.format(
                "%d devices, %d heartbeats acknowledged (%s), %d logins answered (%s), %d commands done, %d reconnects",
                counts.connected.get(),
                acknowledged - acknowledgedBefore,
                counts.pubacks.take(),
                answers - answersBefore,
                counts.logins.take(),
                commands - commandsBefore,
                counts.reconnects.get());
    }
}
