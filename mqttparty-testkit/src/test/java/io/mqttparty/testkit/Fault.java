package io.mqttparty.testkit;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What an SPI can do wrong. */
public enum Fault {
    THROWS {
        @Override
        public <T> CompletionStage<T> happen() {
            throw new IllegalStateException("on purpose");
        }
    },
    /** As code of another JVM language may, and Java code by a trick. */
    THROWS_CHECKED {
        @Override
        public <T> CompletionStage<T> happen() {
            throw Fault.<RuntimeException>sneaky(new IOException("on purpose"));
        }
    },
    THROWS_ERROR {
        @Override
        public <T> CompletionStage<T> happen() {
            throw new NoClassDefFoundError("on purpose");
        }
    },
    RETURNS_NULL {
        @Override
        @SuppressWarnings("NullAway")
        public <T> CompletionStage<T> happen() {
            return null;
        }
    },
    FAILS {
        @Override
        public <T> CompletionStage<T> happen() {
            return CompletableFuture.failedFuture(new IllegalStateException("on purpose"));
        }
    },
    IS_CANCELLED {
        @Override
        public <T> CompletionStage<T> happen() {
            CompletableFuture<T> stage = new CompletableFuture<>();
            stage.cancel(false);
            return stage;
        }
    },
    COMPLETES_WITH_NULL {
        @Override
        @SuppressWarnings("NullAway")
        public <T> CompletionStage<T> happen() {
            return CompletableFuture.completedFuture(null);
        }
    },
    NEVER_ANSWERS {
        @Override
        public <T> CompletionStage<T> happen() {
            return new CompletableFuture<>();
        }
    };

    /** Does it in the place of a call. */
    public abstract <T> CompletionStage<T> happen();

    /** This fault, or the right answer if there is none. */
    public static <T> CompletionStage<T> or(@Nullable Fault fault, Supplier<CompletionStage<T>> right) {
        return fault == null ? right.get() : fault.happen();
    }

    @SuppressWarnings("unchecked")
    private static <E extends Throwable> E sneaky(Throwable checked) throws E {
        throw (E) checked;
    }
}
