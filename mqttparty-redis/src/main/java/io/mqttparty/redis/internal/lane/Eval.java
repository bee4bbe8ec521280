package io.mqttparty.redis.internal.lane;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.lettuce.core.protocol.CommandType;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One call of a script: first all keys, then all arguments. It is sent by its digest. A lane makes the scripts known before anything else; should Redis have forgotten one since, it
 * gets the source, and the call goes again at the end of the lane.
 */
public final class Eval {
    private static final byte[] EMPTY = {};

    private final Script script;
    private final List<byte[]> arguments = new ArrayList<>();
    private int keys;

    private Eval(Script script) {
        this.script = script;
        arguments.add(script.sha());
        arguments.add(EMPTY); // the number of keys, known at the end
    }

    /** A call of this script. */
    public static Eval of(Script script) {
        return new Eval(script);
    }

    /** Adds a key; all keys come before the first argument. */
    public Eval key(byte[] key) {
        if (arguments.size() != keys + 2) {
            throw new IllegalStateException("keys: after an argument (expected: before all)");
        }
        arguments.add(key);
        keys++;
        return this;
    }

    /** Adds an argument. */
    public Eval arg(byte[] argument) {
        arguments.add(argument);
        return this;
    }

    /** Adds text as an argument. */
    public Eval arg(String argument) {
        return arg(argument.getBytes(UTF_8));
    }

    /** Adds a number as an argument. */
    public Eval arg(long argument) {
        return arg(Long.toString(argument).getBytes(US_ASCII));
    }

    /** Sends it. */
    public void send(Lane lane, ReplyHandler handler) {
        arguments.set(1, Integer.toString(keys).getBytes(US_ASCII));
        lane.send(new ScriptCall(lane, script, arguments.toArray(byte[][]::new), handler));
    }

    /** Sends it; the stage completes with what the function makes of the reply. */
    public <T> CompletionStage<T> call(Lane lane, Function<@Nullable Object, T> onReply) {
        CompletableFuture<T> result = new CompletableFuture<>();
        send(lane, Replies.to(result, onReply));
        return result;
    }

    /** A call that knows what to do when the script is unknown. */
    private static final class ScriptCall extends Call {
        private static final String UNKNOWN = "NOSCRIPT";

        private final Lane lane;
        private final Script script;

        ScriptCall(Lane lane, Script script, byte[][] arguments, ReplyHandler handler) {
            super(CommandType.EVALSHA, arguments, handler);
            this.lane = lane;
            this.script = script;
        }

        @Override
        void onError(String error) {
            if (error.startsWith(UNKNOWN)) {
                byte[][] again = arguments().clone();
                again[0] = script.source();
                lane.send(new Call(CommandType.EVAL, again, handler()));
            } else {
                super.onError(error);
            }
        }
    }
}
