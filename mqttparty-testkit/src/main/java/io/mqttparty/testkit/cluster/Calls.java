package io.mqttparty.testkit.cluster;

import static java.util.Objects.requireNonNull;

import io.mqttparty.spi.DeadLetters;
import io.mqttparty.spi.SessionStore.EnqueueCallback;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** The calls of one node to the parts of the backend, each under the control of its method's name. */
final class Calls {
    private final Map<String, CallControl> controls = new HashMap<>();
    private boolean cutOff;

    CallControl of(String method) {
        return controls.computeIfAbsent(method, CallControl::new);
    }

    /** The node is dead: nothing reaches the store any more, and nothing comes back. */
    void cutOff() {
        cutOff = true;
    }

    boolean isCutOff() {
        return cutOff;
    }

    /** The part as the node sees it. */
    <T> T control(Class<T> type, T part) {
        boolean known = Arrays.stream(type.getMethods())
                .filter(method -> !Modifier.isStatic(method.getModifiers()))
                .allMatch(Calls::isKnown);
        if (!known) {
            throw new IllegalArgumentException("type: " + type + " (expected: methods of a known shape)");
        }
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (proxy, method, arguments) -> call(part, method, arguments)));
    }

    private static boolean isKnown(Method method) {
        Class<?> returned = method.getReturnType();
        return returned == CompletionStage.class || returned == void.class || isFact(returned) || isPart(returned);
    }

    /** What a part knows without asking anybody. */
    private static boolean isFact(Class<?> returned) {
        return returned == int.class || returned == boolean.class;
    }

    private static boolean isPart(Class<?> returned) {
        return returned == DeadLetters.class;
    }

    private @Nullable Object call(Object part, Method method, @Nullable Object @Nullable [] arguments) {
        boolean answered = method.getReturnType() == CompletionStage.class;
        if (isFact(method.getReturnType())) {
            return invoke(part, method, arguments);
        }
        if (isPart(method.getReturnType())) {
            return control(DeadLetters.class, (DeadLetters) requireNonNull(invoke(part, method, arguments)));
        }
        if (cutOff) {
            return answered ? new CompletableFuture<>() : null;
        }
        CallControl control = of(method.getName());
        if (control.isReplaced() && arguments != null) {
            Object answer = control.replaced(arguments, asked -> invoke(part, method, asked));
            return method.getReturnType() == void.class ? null : answer;
        }
        if (answered) {
            return control.stage(() -> stage(part, method, arguments));
        }
        if (arguments != null && arguments.length == 3 && arguments[2] instanceof EnqueueCallback callback) {
            int legs = arguments[1] instanceof List<?> list ? list.size() : 0;
            control.enqueue(
                    legs, callback, taken -> invoke(part, method, new Object[] {arguments[0], arguments[1], taken}));
        } else {
            control.run(() -> invoke(part, method, arguments));
        }
        return null;
    }

    private static CompletionStage<Object> stage(Object part, Method method, @Nullable Object @Nullable [] arguments) {
        @SuppressWarnings("unchecked") // the caller has looked at the return type
        CompletionStage<Object> stage = (CompletionStage<Object>) invoke(part, method, arguments);
        return stage == null ? CompletableFuture.failedFuture(new AssertionError(method + " returned null")) : stage;
    }

    private static @Nullable Object invoke(Object part, Method method, @Nullable Object @Nullable [] arguments) {
        try {
            return method.invoke(part, arguments);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new AssertionError(e.getCause());
        } catch (IllegalAccessException e) {
            throw new AssertionError(e);
        }
    }
}
