package io.mqttparty.http.internal.uplink;

import io.mqttparty.http.internal.client.Pump;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;

/** Lets so many of a route in at once; the others wait in the order they came. Any thread may call. */
final class Gate {
    private final Set<Delivery> waiting = new LinkedHashSet<>();
    private final Pump entering = new Pump(this::letNextIn);
    private int room;

    Gate(int places) {
        this.room = places;
    }

    /**
     * Lets it in now or later; then it says when it has {@link #left}. True if it is in. Otherwise it is told to wait before it can be let in, so that it knows of its waiting whatever comes
     * next.
     */
    boolean enter(Delivery delivery) {
        synchronized (waiting) {
            if (room > 0 && waiting.isEmpty()) {
                room--;
                return true;
            }
            waiting.add(delivery);
            delivery.onWait();
            return false;
        }
    }

    /** One that was let in has left. */
    void left() {
        synchronized (waiting) {
            room++;
        }
        entering.run();
    }

    /** It does not want to get in any more. False if it is in already. */
    boolean abandon(Delivery delivery) {
        synchronized (waiting) {
            return waiting.remove(delivery);
        }
    }

    private boolean letNextIn() {
        Delivery next;
        synchronized (waiting) {
            Iterator<Delivery> first = waiting.iterator();
            if (room == 0 || !first.hasNext()) {
                return false;
            }
            next = first.next();
            first.remove();
            room--;
        }
        next.onLetIn();
        return true;
    }
}
