package io.mqttparty.http.internal.uplink;

import io.mqttparty.http.internal.client.GivenUp;
import io.mqttparty.http.internal.client.Pump;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;

/**
 * The deliveries of one client: some are under way, the others wait for them. The time of those that wait begins anew whenever the backend has answered one for good: a backend that
 * is slow but works gets all of them, and one that does not costs them no more than the time of one. Where only one may be under way at a time and it is given up, those behind it of the same
 * sender are given up too, and those that still come through it, since it will send all of them again, in order.
 */
final class Lane {
    private static final Outcome BEHIND = Outcome.failed(0, "an earlier message of the client was not delivered", 0);

    private final int most;
    private final GivenUp givenUp;
    private final Consumer<Lane> onEmpty;
    private final Deque<Delivery> waiting = new ArrayDeque<>(2);
    private final Pump starting = new Pump(this::startNext);
    private int underWay;
    private boolean gone;
    private boolean answered;
    /** When the backend has answered one last. */
    private long answeredAt;

    Lane(int most, GivenUp givenUp, Consumer<Lane> onEmpty) {
        this.most = most;
        this.givenUp = givenUp;
        this.onEmpty = onEmpty;
    }

    /** False if the lane is gone. */
    boolean add(Delivery delivery) {
        boolean isLate;
        synchronized (waiting) {
            if (gone) {
                return false;
            }
            isLate = most == 1 && givenUp.contains(delivery.event().sender());
            if (!isLate) {
                delivery.lane(this);
                waiting.add(delivery);
            }
        }
        if (isLate) {
            delivery.complete(BEHIND);
        }
        starting.run();
        return true;
    }

    int waiting() {
        synchronized (waiting) {
            return waiting.size();
        }
    }

    private boolean startNext() {
        Delivery next;
        synchronized (waiting) {
            if (gone || underWay == most) {
                return false;
            }
            next = waiting.poll();
            if (next == null) {
                gone = underWay == 0;
                if (gone) {
                    onEmpty.accept(this);
                }
                return false;
            }
            underWay++;
            if (answered) {
                next.beganAt(answeredAt);
            }
        }
        next.start();
        return true;
    }

    /** One that was under way is over. */
    void ended(Delivery delivery, Outcome outcome) {
        Object sender = delivery.event().sender();
        boolean isFailed = outcome.kind() == Outcome.Kind.FAILED;
        boolean isAnswered = !isFailed && outcome.status() != 0; // one without a URL says nothing about the backend
        boolean isGivenUp = most == 1 && isFailed && sender != GivenUp.NOBODY;
        List<Delivery> behind;
        synchronized (waiting) {
            underWay--;
            if (isAnswered) {
                answered = true;
                answeredAt = delivery.now();
            }
            if (isGivenUp) {
                givenUp.add(sender);
            }
            behind = isGivenUp ? takeAll(sender) : List.of();
        }
        delivery.complete(outcome);
        behind.forEach(each -> each.complete(BEHIND));
        starting.run();
    }

    private List<Delivery> takeAll(Object sender) {
        List<Delivery> taken = new ArrayList<>();
        for (Iterator<Delivery> each = waiting.iterator(); each.hasNext(); ) {
            Delivery next = each.next();
            if (next.event().sender() == sender) {
                taken.add(next);
                each.remove();
            }
        }
        return taken;
    }
}
