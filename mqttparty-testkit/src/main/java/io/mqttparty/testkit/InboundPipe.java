package io.mqttparty.testkit;

import java.util.ArrayDeque;
import java.util.Deque;

/** The bytes from the client to the broker, in the cuts in which they were sent, and the end behind them. */
final class InboundPipe {
    private final Deque<byte[]> cuts = new ArrayDeque<>();
    private boolean ended;

    void send(byte[] cut) {
        if (cut.length > 0) {
            cuts.add(cut.clone());
        }
    }

    void end() {
        ended = true;
    }

    void reset() {
        cuts.clear();
        ended = true;
    }

    boolean hasBytes() {
        return !cuts.isEmpty();
    }

    /** The bytes that the broker has not been given. */
    int waiting() {
        return cuts.stream().mapToInt(each -> each.length).sum();
    }

    int cuts() {
        return cuts.size();
    }

    boolean isAtEnd() {
        return ended && cuts.isEmpty();
    }

    byte[] take() {
        return cuts.remove();
    }
}
