package io.mqttparty.internal.broker;

import io.mqttparty.internal.routing.Members;
import io.mqttparty.internal.routing.SharedGroup;
import io.mqttparty.spi.NodeId;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Picks one member of a shared subscription: round robin among those that are connected, then one of whom nobody knows, then one that is not
 * (MQTT 5, section 4.8.2). A member is a session, or a node for all of its transient ones, of which it picks one itself.
 */
record SharedPick(BrokerRuntime broker) {
    /** How many members are asked whether they are connected before another one is taken. */
    private static final int TRIES = 64;

    /** A member, or nothing if the group has none that can take a message. */
    @Nullable
    SharedMember pick(LoopContext loop, SharedGroup<Object, Route> group) {
        return pick(loop, group, Set.of());
    }

    /** A member that is none of these. */
    @Nullable
    SharedMember pick(LoopContext loop, SharedGroup<Object, Route> group, Set<Object> without) {
        Members<Object, Route> members = group.members();
        int size = members.size();
        int start = group.nextIndex();
        int unknown = -1;
        int offline = -1;
        for (int i = 0, tried = 0; i < size && tried < TRIES; i++) {
            int index = Math.floorMod(start + i, size);
            Route route = members.value(index);
            if (without.contains(members.key(index))) {
                continue;
            }
            tried++;
            switch (presence(loop, route)) {
                case ONLINE -> {
                    return new SharedMember(group, members.key(index), route);
                }
                case UNKNOWN -> unknown = unknown < 0 ? index : unknown;
                case OFFLINE -> offline = offline < 0 ? index : offline;
            }
        }
        int fallback = unknown >= 0 ? unknown : offline;
        return fallback < 0 ? null : new SharedMember(group, members.key(fallback), members.value(fallback));
    }

    private MemberPresence.State presence(LoopContext loop, Route route) {
        return route instanceof Route.Session session
                ? loop.memberPresence(broker).of(session.leg().session().client())
                : MemberPresence.State.ONLINE;
    }

    /** A member on this node that has no queue in the store: each in turn, as long as the group is not large. */
    Route.@Nullable Local pickLocal(SharedGroup<Object, Route> group) {
        Members<Object, Route> members = group.members();
        int size = members.size();
        int turn = group.nextIndexOfSome();
        if (size > TRIES) {
            return localFrom(members, Math.floorMod(turn, size), 0);
        }
        int locals = 0;
        for (int i = 0; i < size; i++) {
            locals += members.value(i) instanceof Route.Local ? 1 : 0;
        }
        return locals == 0 ? null : localFrom(members, 0, turn % locals);
    }

    /** The local member that comes after so many others, from this index on and round. */
    private static Route.@Nullable Local localFrom(Members<Object, Route> members, int start, int others) {
        int left = others;
        for (int i = 0; i < members.size(); i++) {
            if (members.value(Math.floorMod(start + i, members.size())) instanceof Route.Local local && left-- == 0) {
                return local;
            }
        }
        return null;
    }

    /** A member on this node whose queue is deep, if there is one: it may be the one that {@link #pickLocal} picks. */
    @Nullable
    LocalSubscriber congested(SharedGroup<Object, Route> group) {
        Members<Object, Route> members = group.members();
        for (int i = 0; i < Math.min(TRIES, members.size()); i++) {
            if (members.value(i) instanceof Route.Local local
                    && local.subscriber().isCongested()) {
                return local.subscriber();
            }
        }
        return null;
    }

    /** The node that this route leads to without the store: another one, or this one. */
    @Nullable
    NodeId nodeOf(Route route) {
        if (route instanceof Route.Remote remote) {
            return remote.node();
        }
        return route instanceof Route.Local ? broker.nodeId() : null;
    }
}
