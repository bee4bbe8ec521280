package io.mqttparty.redis.internal.lane;

/** The arguments of a command that are not known before it leaves. */
@FunctionalInterface
public interface LateArguments {
    /** All of them. Called at most once, by the thread that sends the batch: not at all if the command is refused before. */
    byte[][] take();
}
