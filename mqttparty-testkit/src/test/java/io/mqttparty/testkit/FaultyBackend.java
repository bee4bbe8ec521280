package io.mqttparty.testkit;

import io.mqttparty.MemoryBackend;
import io.mqttparty.MqttPartyBuilder;
import io.mqttparty.model.Limits;
import io.mqttparty.model.Message;
import io.mqttparty.spi.Authenticator;
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
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The backend in memory, one method or all methods of which can be made to fail. */
public final class FaultyBackend {
    private final Backend right;
    private final SessionStore sessions;
    private final RetainedStore retained;
    private Predicate<String> isFaulty = method -> false;
    private @Nullable Fault fault;
    private boolean answersLost;
    private int calls;

    public FaultyBackend() {
        right = MemoryBackend.create(Limits.DEFAULTS, InstantSource.system());
        sessions = wrap(SessionStore.class, right.sessions());
        retained = wrap(RetainedStore.class, right.retained());
    }

    public void use(MqttPartyBuilder builder) {
        builder.allowAnonymous().backend(right).sessionStore(sessions).retainedStore(retained);
    }

    public MqttPartyBuilder use(MqttPartyBuilder builder, Authenticator authenticator) {
        return builder.authenticator(authenticator)
                .backend(right)
                .sessionStore(sessions)
                .retainedStore(retained);
    }

    /** From now on this method of the session store or the retained store does this. */
    public void fail(String name, Fault what) {
        fail(name::equals, what);
    }

    /** From now on every method of the session store and the retained store does this. */
    public void failAll(Fault what) {
        fail(method -> true, what);
    }

    private void fail(Predicate<String> methods, Fault what) {
        isFaulty = methods;
        fault = what;
        calls = 0;
    }

    /** From now on this method does what it is asked for, but nobody hears its answer. */
    public void loseAnswers(String name) {
        fail(name, Fault.NEVER_ANSWERS);
        answersLost = true;
    }

    /** From now on everything is right again. */
    public void repair() {
        fault = null;
        answersLost = false;
    }

    /** How often a faulty method was called. */
    public int calls() {
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
        if (what == null || !isFaulty.test(called.getName())) {
            return right(store, called, arguments);
        }
        calls++;
        if (answersLost) {
            right(store, called, arguments);
            return what.happen();
        }
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
