package io.mqttparty.internal.broker;

import io.mqttparty.model.ClientId;
import io.mqttparty.spi.Counter;
import io.mqttparty.spi.NodeId;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Tells listeners whose connections are over because another node is gone. Such a node may have had a hundred thousand clients, and listeners may have work with each: so they
 * are told at a bounded rate, and as many may wait for it as one node may have clients. Any thread may add; listeners are told on the home loop.
 */
final class LostConnections {
    /** So many are told at a time, which is 2,000 in a second. */
    private static final int AT_ONCE = 100;

    private static final long PAUSE_NANOS = 50_000_000L;

    private final BrokerRuntime broker;
    private final Deque<Lost> waiting = new ArrayDeque<>();
    private boolean telling;
    private boolean over;

    private record Lost(ClientId client, NodeId node) {}

    LostConnections(BrokerRuntime broker) {
        this.broker = broker;
    }

    void add(NodeId node, ClientId client) {
        broker.loops().add(Counter.CONNECTIONS_LOST_ELSEWHERE);
        if (!broker.events().isHeard()) {
            return;
        }
        synchronized (waiting) {
            if (over) {
                return;
            }
            if (waiting.size() >= broker.limits().connections()) {
                broker.loops().add(Counter.LOST_CONNECTIONS_UNTOLD);
                return;
            }
            waiting.add(new Lost(client, node));
            if (telling) {
                return;
            }
            telling = true;
        }
        broker.homeLoop().execute(this::tell);
    }

    /** The broker has ended: nobody is told any more. */
    void end() {
        synchronized (waiting) {
            over = true;
            waiting.clear();
        }
    }

    private void tell() {
        int told = 0;
        for (Lost next = next(told); next != null; next = next(++told)) {
            broker.events().connectionLost(next.client(), next.node());
        }
        if (told > 0) { // also after the last one: what is added meanwhile must not come at once
            pause();
        }
    }

    /** The next one, unless it is enough for now. If there was none at all, nothing goes on until there is one. */
    private @Nullable Lost next(int told) {
        synchronized (waiting) {
            Lost next = told == AT_ONCE ? null : waiting.poll();
            telling = told > 0 || next != null;
            return next;
        }
    }

    private void pause() {
        try {
            var unused = broker.homeLoop().eventLoop().schedule(PAUSE_NANOS, this::tell);
        } catch (RejectedExecutionException e) { // the loop is closed, and the broker with it
            return;
        }
    }
}
