package io.mqttparty.http.internal.client;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Calls that wait, in the order they came; those that were sent and not taken before all others. Guarded by the lock of their {@link Endpoint}. */
final class WaitingCalls {
    private final Deque<Call> again = new ArrayDeque<>();
    private final Set<Call> inOrder = new LinkedHashSet<>();

    void add(Call call) {
        inOrder.add(call);
    }

    /** One that was sent and not taken; no more of them than may be on their way. */
    void addAgain(Call call) {
        again.add(call);
    }

    void remove(Call call) {
        if (!inOrder.remove(call)) {
            again.remove(call);
        }
    }

    @Nullable
    Call poll() {
        Call first = again.poll();
        if (first == null && !inOrder.isEmpty()) {
            Iterator<Call> all = inOrder.iterator();
            first = all.next();
            all.remove();
        }
        return first;
    }

    int size() {
        return again.size() + inOrder.size();
    }

    boolean isEmpty() {
        return again.isEmpty() && inOrder.isEmpty();
    }

    void clear() {
        again.clear();
        inOrder.clear();
    }
}
