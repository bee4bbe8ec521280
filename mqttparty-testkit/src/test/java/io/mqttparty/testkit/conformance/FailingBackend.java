package io.mqttparty.testkit.conformance;

import io.mqttparty.spi.Backend;
import io.mqttparty.spi.Cluster;
import io.mqttparty.spi.RetainedStore;
import io.mqttparty.spi.SessionStore;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A backend whose sessions and retained messages cannot be reached while the test says so. Nothing is changed then. */
final class FailingBackend implements Backend {
    private final Backend backend;
    private boolean failing;

    FailingBackend(Backend backend) {
        this.backend = backend;
    }

    void fail(boolean now) {
        failing = now;
    }

    @Override
    public String name() {
        return "failing";
    }

    @Override
    public CompletionStage<Void> start() {
        return backend.start();
    }

    @Override
    public SessionStore sessions() {
        return wrap(SessionStore.class, backend.sessions());
    }

    @Override
    public RetainedStore retained() {
        return wrap(RetainedStore.class, backend.retained());
    }

    @Override
    public Cluster cluster() {
        return backend.cluster();
    }

    private <T> T wrap(Class<T> type, T store) {
        Object proxy = Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (self, method, arguments) -> failing && method.getDeclaringClass() == type
                        ? failure(method.getReturnType(), arguments)
                        : pass(() -> method.invoke(store, arguments)));
        return type.cast(proxy);
    }

    /** What has no result is either enqueue, which has a callback for each leg, or may be lost. */
    private static Object failure(Class<?> result, Object[] arguments) {
        IllegalStateException cause = new IllegalStateException("the store cannot be reached");
        if (result == CompletionStage.class) {
            return CompletableFuture.failedFuture(cause);
        }
        for (Object each : arguments) {
            if (each instanceof SessionStore.EnqueueCallback callback) {
                List<?> legs = (List<?>) arguments[1];
                for (int leg = 0; leg < legs.size(); leg++) {
                    callback.onFailed(leg, cause);
                }
            }
        }
        return null;
    }

    private static Object pass(Invocation invocation) throws Throwable {
        try {
            return invocation.run();
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private interface Invocation {
        Object run() throws ReflectiveOperationException;
    }
}
