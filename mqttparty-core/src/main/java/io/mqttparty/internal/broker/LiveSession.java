package io.mqttparty.internal.broker;

import io.mqttparty.model.ClientId;
import io.mqttparty.model.ClientInfo;
import io.mqttparty.model.QoS;
import io.mqttparty.model.TopicFilter;
import io.mqttparty.model.Will;
import io.mqttparty.spi.Fence;
import io.mqttparty.spi.SessionRef;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The session of an accepted connection as this node knows it. Confined to the connection's loop, except for what is final. */
final class LiveSession {
    final ClientInfo client;
    final Fence fence;
    final SessionRef ref;
    final boolean persistent;
    final Optional<Will> will;
    /** The membership that the session is attached under. */
    final Membership.Member member;

    private Map<TopicFilter, QoS> transientSubscriptions = Map.of();
    private long[] acknowledged = {};
    private int acknowledgedCount;
    private @Nullable Watches watches;
    private @Nullable RecentDrops drops;
    private @Nullable RetainedTurns retainedTurns;
    private @Nullable List<KickAnswer> kicks;
    private boolean ended;

    LiveSession(
            ClientInfo client,
            Fence fence,
            SessionRef ref,
            boolean persistent,
            Optional<Will> will,
            Membership.Member member) {
        this.member = member;
        this.client = client;
        this.fence = fence;
        this.ref = ref;
        this.persistent = persistent;
        this.will = will;
    }

    ClientId clientId() {
        return client.clientId();
    }

    /** Another connection took the session over, and somebody waits for the end of this one: {@code false} if it has ended. */
    boolean onKick(KickAnswer answer) {
        if (ended) {
            return false;
        }
        kicks = kicks == null ? new ArrayList<>(1) : kicks;
        kicks.add(answer);
        return true;
    }

    /** The session is detached. */
    void onEnd() {
        ended = true;
        if (kicks != null) {
            kicks.forEach(KickAnswer::done);
        }
    }

    // ---- subscriptions of a transient session ----

    Set<TopicFilter> filters() {
        return transientSubscriptions.keySet();
    }

    boolean has(TopicFilter filter) {
        return transientSubscriptions.containsKey(filter);
    }

    /** Whether a transient session is granted messages that may not be lost while it lives. */
    boolean isOwed() {
        return transientSubscriptions.values().stream().anyMatch(qos -> qos != QoS.AT_MOST_ONCE);
    }

    void subscribed(TopicFilter filter, QoS qos) {
        if (transientSubscriptions.isEmpty()) {
            transientSubscriptions = Map.of(filter, qos);
            return;
        }
        if (!(transientSubscriptions instanceof HashMap)) {
            transientSubscriptions = new HashMap<>(transientSubscriptions);
        }
        transientSubscriptions.put(filter, qos);
    }

    boolean unsubscribed(TopicFilter filter) {
        if (!has(filter)) {
            return false;
        }
        if (transientSubscriptions.size() == 1) {
            transientSubscriptions = Map.of();
        } else {
            transientSubscriptions.remove(filter);
        }
        return true;
    }

    RetainedTurns retainedTurns() {
        RetainedTurns turns = retainedTurns;
        if (turns == null) {
            turns = new RetainedTurns();
            retainedTurns = turns;
        }
        return turns;
    }

    /** The client has acknowledged something, or its socket takes more. */
    void onProgress() {
        if (retainedTurns != null) {
            retainedTurns.onProgress();
        }
    }

    // ---- acknowledged records of a persistent session, collected for the end of the turn ----

    void acknowledged(long seq) {
        if (acknowledgedCount == acknowledged.length) {
            acknowledged = Arrays.copyOf(acknowledged, Math.max(8, acknowledgedCount * 2));
        }
        acknowledged[acknowledgedCount++] = seq;
    }

    /** What was collected since the last call. */
    long[] takeAcknowledged() {
        long[] taken = Arrays.copyOf(acknowledged, acknowledgedCount);
        acknowledgedCount = 0;
        return taken;
    }

    boolean hasAcknowledged() {
        return acknowledgedCount > 0;
    }

    // ---- deliveries that somebody waits for ----

    Watches watches() {
        Watches w = watches;
        if (w == null) {
            w = new Watches();
            watches = w;
        }
        return w;
    }

    @Nullable
    Watches watchesIfAny() {
        return watches;
    }

    /** Records of the queue are not delivered any more. */
    void dropped(long first, long last) {
        RecentDrops d = drops;
        if (d == null) {
            d = new RecentDrops();
            drops = d;
        }
        d.add(first, last);
        if (watches != null) {
            watches.onDropped(first, last);
        }
    }

    /** Whether a record was dropped, as far as is remembered. */
    boolean wasDropped(long seq) {
        return drops != null && drops.contains(seq);
    }
}
