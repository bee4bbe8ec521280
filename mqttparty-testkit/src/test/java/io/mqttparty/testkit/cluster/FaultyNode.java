package io.mqttparty.testkit.cluster;

import io.mqttparty.spi.Backend;
import io.mqttparty.spi.BusRecord;
import io.mqttparty.spi.Cluster;
import io.mqttparty.spi.ClusterBus;
import io.mqttparty.spi.NodeId;
import io.mqttparty.spi.Outbox;
import io.mqttparty.spi.Presence;
import io.mqttparty.spi.RetainedStore;
import io.mqttparty.spi.RouteLog;
import io.mqttparty.spi.SessionStore;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The backend as one node sees it: its calls can be lost, and the records that others send to it can be made to wait. */
final class FaultyNode implements Backend, Cluster {
    /** Takes the place of a call of the backend. */
    @FunctionalInterface
    interface Instead {
        @Nullable
        Object call(Object store, Method method, @Nullable Object[] arguments) throws Throwable;
    }

    private static final Instead NOTHING = (store, method, arguments) -> new CompletableFuture<>();

    private final Backend right;
    private final SessionStore sessions;
    private final RetainedStore retained;
    private final ClusterBus bus;
    private final Presence presence;
    private final RouteLog routes;
    private final List<BusRecord> received = new ArrayList<>();
    private final Map<NodeId, ArrayDeque<Runnable>> held = new LinkedHashMap<>();
    private Predicate<BusRecord> isHeld = record -> false;
    private boolean dead;
    private final Map<String, Instead> replaced = new HashMap<>();

    FaultyNode(Backend right) {
        this.right = right;
        this.sessions = wrap(SessionStore.class, right.sessions());
        this.retained = wrap(RetainedStore.class, right.retained());
        this.presence = wrap(Presence.class, right.cluster().presence());
        this.routes = wrap(RouteLog.class, right.cluster().routes());
        this.bus = wrap(ClusterBus.class, right.cluster().bus());
    }

    // ---- faults ----

    /** From now on no call of the node arrives, no answer and no record reaches it. */
    void die() {
        dead = true;
    }

    /** From now on calls of this method are worked off by the test. */
    void replace(String method, Instead instead) {
        replaced.put(method, instead);
    }

    /** From now on calls of this method are lost. */
    void lose(String method) {
        replace(method, NOTHING);
    }

    /** From now on everything is right again. */
    void repair() {
        replaced.clear();
    }

    /** Such records for this node wait, and all that their sender sends after the first of them. */
    void holdInbox(Predicate<BusRecord> which) {
        isHeld = which;
    }

    /** The inbox is read again. */
    void releaseInbox() {
        isHeld = record -> false;
        List<ArrayDeque<Runnable>> all = List.copyOf(held.values());
        held.clear();
        all.forEach(link -> link.forEach(Runnable::run));
    }

    /** All records of this kind that were sent to this node. */
    <T extends BusRecord> List<T> received(Class<T> kind) {
        return received.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    // ---- the backend ----

    @Override
    public String name() {
        return right.name();
    }

    @Override
    public CompletionStage<Void> start() {
        return right.start();
    }

    @Override
    public SessionStore sessions() {
        return sessions;
    }

    @Override
    public RetainedStore retained() {
        return retained;
    }

    @Override
    public Cluster cluster() {
        return this;
    }

    @Override
    public Outbox outbox() {
        return right.outbox();
    }

    @Override
    public RouteLog routes() {
        return routes;
    }

    @Override
    public ClusterBus bus() {
        return bus;
    }

    @Override
    public Presence presence() {
        return presence;
    }

    private <T> T wrap(Class<T> type, T store) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (proxy, method, arguments) -> call(store, method, arguments)));
    }

    private @Nullable Object call(Object store, Method method, @Nullable Object[] arguments) throws Throwable {
        if (dead) {
            return method.getReturnType() == CompletionStage.class
                    ? new CompletableFuture<>()
                    : method.getReturnType() == Set.class ? Set.of() : null;
        }
        Instead instead = replaced.get(method.getName());
        if (instead != null) {
            Object answer = instead.call(store, method, arguments);
            return method.getReturnType() == void.class ? null : answer;
        }
        if (method.getName().equals("join")) {
            arguments[1] = inbox((ClusterBus.Handler) arguments[1]);
        }
        return invoke(store, method, arguments);
    }

    private ClusterBus.Handler inbox(ClusterBus.Handler handler) {
        return (ClusterBus.Handler) Proxy.newProxyInstance(
                ClusterBus.Handler.class.getClassLoader(),
                new Class<?>[] {ClusterBus.Handler.class},
                (proxy, method, arguments) -> {
                    if (!method.getName().equals("onRecord")) {
                        return invoke(handler, method, arguments);
                    }
                    onRecord(handler, (NodeId) arguments[0], (BusRecord) arguments[1]);
                    return null;
                });
    }

    private void onRecord(ClusterBus.Handler handler, NodeId from, BusRecord record) {
        if (dead) {
            return;
        }
        received.add(record);
        if (held.containsKey(from) || isHeld.test(record)) {
            held.computeIfAbsent(from, node -> new ArrayDeque<>()).add(() -> handler.onRecord(from, record));
        } else {
            handler.onRecord(from, record);
        }
    }

    /** What the backend answers to this call, which it does at once. */
    static Object answer(Object store, Method method, @Nullable Object[] arguments) {
        try {
            return ((CompletionStage<?>) method.invoke(store, arguments))
                    .toCompletableFuture()
                    .join();
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }

    private static @Nullable Object invoke(Object target, Method method, @Nullable Object[] arguments)
            throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getTargetException();
        }
    }
}
