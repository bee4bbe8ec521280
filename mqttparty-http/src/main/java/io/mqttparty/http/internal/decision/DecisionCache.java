package io.mqttparty.http.internal.decision;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Decisions that may be used again, until their time is over or others that were used later need the room. Not for use by several threads. */
final class DecisionCache {
    private final int capacity;
    private final Map<QuestionKey, Kept> kept = new LinkedHashMap<>(16, 0.75f, true);

    DecisionCache(int capacity) {
        this.capacity = capacity;
    }

    private record Kept(Decision decision, long untilNanos) {}

    @Nullable
    Decision get(QuestionKey key, long nowNanos) {
        Kept found = kept.get(key);
        if (found == null) {
            return null;
        }
        if (found.untilNanos() - nowNanos <= 0) {
            kept.remove(key);
            return null;
        }
        return found.decision();
    }

    /** Keeps a decision. Returns whether the one that was not used for longest had to make room. */
    boolean put(QuestionKey key, Decision decision, long untilNanos) {
        if (capacity == 0) {
            return false;
        }
        kept.put(key, new Kept(decision, untilNanos));
        if (kept.size() <= capacity) {
            return false;
        }
        kept.remove(kept.keySet().iterator().next());
        return true;
    }

    int size() {
        return kept.size();
    }
}
