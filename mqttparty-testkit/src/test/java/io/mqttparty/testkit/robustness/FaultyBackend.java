package io.mqttparty.testkit.robustness;

import io.mqttparty.MemoryBackend;
import io.mqttparty.MqttPartyBuilder;
import io.mqttparty.model.Limits;
import io.mqttparty.model.Message;
import io.mqttparty.spi.Backend;
import io.mqttparty.spi.Leg;
import io.mqttparty.spi.RetainedStore;
import io.mqttparty.spi.SessionStore;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** The backend in memory, one method of which can be made to fail. */
final class FaultyBackend {
    private final Backend right;
    private final SessionStore sessions;
    private final RetainedStore retained;
    private String method = "";
    private @Nullable Fault fault;
    private int calls;

    FaultyBackend() {
        right = MemoryBackend.create(Limits.DEFAULTS, InstantSource.system());
        sessions = wrap(SessionStore.class, right.sessions());
        retained = wrap(RetainedStore.class, right.retained());
    }

    void use(MqttPartyBuilder builder) {
        builder.allowAnonymous().backend(right).sessionStore(sessions).retainedStore(retained);
    }

    /** From now on this method of the session store or the retained store does this. */
    void fail(String name, Fault what) {
        method = name;
        fault = what;
        calls = 0;
    }

    /** From now on everything is right again. */
    void repair() {
        fault = null;
    }

    /** How often the method was called since it fails. */
    int calls() {
        return calls;
    }

    private <T> T wrap(Class<T> type, T store) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (proxy, called, arguments) -> call(store, called, arguments)));
    }

    private @Nullable Object call(Object store, Method called, @Nullable Object[] arguments) throws Throwable {
        Fault what = fault;
        if (what == null || !called.getName().equals(method)) {
            return right(store, called, arguments);
        }
        calls++;
        if (called.getName().equals("enqueue")) {
            enqueue(what, (Message) arguments[0], (List<?>) arguments[1], (SessionStore.EnqueueCallback) arguments[2]);
            return null;
        }
        CompletionStage<Object> stage = what.happen();
        return called.getReturnType() == void.class ? null : stage;
    }

    private static void enqueue(Fault what, Message message, List<?> legs, SessionStore.EnqueueCallback callback) {
        if (what == Fault.FAILS) {
            for (int i = 0; i < legs.size(); i++) {
                callback.onFailed(
                        i, new IllegalStateException("on purpose: " + message.topic() + ((Leg) legs.get(i)).session()));
            }
        } else {
            what.happen();
        }
    }

    private static @Nullable Object right(Object store, Method called, @Nullable Object[] arguments) throws Throwable {
        try {
            return called.invoke(store, arguments);
        } catch (InvocationTargetException e) {
            throw e.getTargetException();
        }
    }
}
