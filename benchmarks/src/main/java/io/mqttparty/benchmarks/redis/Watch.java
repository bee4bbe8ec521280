package io.mqttparty.benchmarks.redis;

import io.mqttparty.redis.fixture.RespClient;

/** Sees every command that Redis gets from when it is made until it is read. */
final class Watch implements AutoCloseable {
    private static final String END = "end-of-the-watch";

    private final RespClient monitor;

    Watch(int port) {
        this.monitor = RespClient.connect(port);
        monitor.send("MONITOR");
    }

    /** How many commands had this in a key or an argument, those that scripts called included. */
    long naming(RespClient other, String text) {
        other.send("ECHO", END);
        long count = 0;
        for (String line = next(); !line.contains(END); line = next()) {
            count += line.contains(text) ? 1 : 0;
        }
        return count;
    }

    private String next() {
        return monitor.receive().text();
    }

    @Override
    public void close() {
        monitor.close();
    }
}
