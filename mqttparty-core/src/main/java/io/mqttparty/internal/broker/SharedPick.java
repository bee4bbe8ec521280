package io.mqttparty.internal.broker;

import io.mqttparty.internal.routing.Members;
import io.mqttparty.internal.routing.SharedGroup;
import org.jspecify.annotations.Nullable;

/** Picks one member of a shared subscription: round robin, those that are connected first (MQTT 5, section 4.8.2). */
record SharedPick(BrokerRuntime broker) {
    /** How many members are asked whether they are connected before an offline one is taken. */
    private static final int TRIES = 64;

    /** A member, or nothing if the group has none that can take a message. */
    @Nullable
    Route pick(SharedGroup<Object, Route> group) {
        Members<Object, Route> members = group.members();
        int size = members.size();
        Route fallback = null;
        int start = group.nextIndex();
        for (int i = 0; i < Math.min(size, TRIES); i++) {
            Route route = members.value(Math.floorMod(start + i, size));
            if (isConnected(route)) {
                return route;
            }
            fallback = fallback == null && route instanceof Route.Session ? route : fallback;
        }
        return fallback;
    }

    /** A member on this node that has no queue in the store. */
    Route.@Nullable Local pickLocal(SharedGroup<Object, Route> group) {
        Members<Object, Route> members = group.members();
        int size = members.size();
        int start = group.nextIndex();
        for (int i = 0; i < size; i++) {
            if (members.value(Math.floorMod(start + i, size)) instanceof Route.Local local) {
                return local;
            }
        }
        return null;
    }

    private boolean isConnected(Route route) {
        if (route instanceof Route.Session session) {
            return broker.local().newest(session.leg().session().client()) != null;
        }
        return route instanceof Route.Local;
    }
}
