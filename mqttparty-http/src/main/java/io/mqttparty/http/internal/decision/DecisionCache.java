package io.mqttparty.http.internal.decision;

import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Decisions that may be used again, until their time is over or others need the room. To look costs no lock; whoever changes it holds one. Room is made by the one that
 * was not used since it came, or since it was passed over for that last: those that are in use stay without an order that each use would have to change.
 */
final class DecisionCache {
    /** How many are passed over before one goes all the same, so that no answer costs a walk through all of them. */
    private static final int MOST_PASSED_OVER = 16;

    /** For each decision on average: their text may be long, and clients choose most of it. */
    private static final long CHARACTERS = 512;

    private static final long LEAST_CHARACTERS = 64 * 1024;

    private final int capacity;
    private final long mostCharacters;
    private final Map<QuestionKey, Kept> kept = new ConcurrentHashMap<>();
    private final Set<Kept> turns = new LinkedHashSet<>();
    private long characters;

    DecisionCache(int capacity) {
        this.capacity = capacity;
        this.mostCharacters = Math.max(LEAST_CHARACTERS, capacity * CHARACTERS);
    }

    private static final class Kept {
        final QuestionKey key;
        final Decision decision;
        final long untilNanos;
        final int characters;
        volatile boolean isUsed;

        Kept(QuestionKey key, Decision decision, long untilNanos) {
            this.key = key;
            this.decision = decision;
            this.untilNanos = untilNanos;
            this.characters = key.characters() + decision.characters();
        }

        boolean isOver(long nowNanos) {
            return untilNanos - nowNanos <= 0;
        }
    }

    // ---- any thread ----

    @Nullable
    Decision get(QuestionKey key, long nowNanos) {
        Kept found = kept.get(key);
        if (found == null || found.isOver(nowNanos)) {
            return null;
        }
        if (!found.isUsed) { // nearly always it is: then nothing is written that other threads read
            found.isUsed = true;
        }
        return found.decision;
    }

    int size() {
        return kept.size();
    }

    // ---- under the lock ----

    /** As {@link #get}, and drops a decision whose time is over. */
    @Nullable
    Decision take(QuestionKey key, long nowNanos) {
        Decision found = get(key, nowNanos);
        if (found == null) {
            remove(key);
        }
        return found;
    }

    /** Keeps a decision, unless its time is over or it is larger than all may be. Returns how many had to make room. */
    int put(QuestionKey key, Decision decision, long untilNanos, long nowNanos) {
        Kept added = new Kept(key, decision, untilNanos);
        remove(key);
        if (capacity == 0 || added.characters > mostCharacters || added.isOver(nowNanos)) {
            return 0;
        }
        int removed = 0;
        while (turns.size() >= capacity || characters + added.characters > mostCharacters) {
            makeRoom(nowNanos);
            removed++;
        }
        kept.put(key, added);
        turns.add(added);
        characters += added.characters;
        return removed;
    }

    private void makeRoom(long nowNanos) {
        Kept next = turns.iterator().next();
        for (int i = 0; i < MOST_PASSED_OVER && next.isUsed && !next.isOver(nowNanos); i++) {
            next.isUsed = false;
            turns.remove(next);
            turns.add(next);
            next = turns.iterator().next();
        }
        remove(next.key);
    }

    private void remove(QuestionKey key) {
        Kept removed = kept.remove(key);
        if (removed != null) {
            turns.remove(removed);
            characters -= removed.characters;
        }
    }

    void clear() {
        kept.clear();
        turns.clear();
        characters = 0;
    }
}
