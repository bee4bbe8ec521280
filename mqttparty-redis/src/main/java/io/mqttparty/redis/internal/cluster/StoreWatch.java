package io.mqttparty.redis.internal.cluster;

import io.lettuce.core.protocol.CommandType;
import io.mqttparty.redis.internal.lane.Lane;
import io.mqttparty.redis.internal.lane.Lanes;
import io.mqttparty.redis.internal.lane.RedisContext;
import io.mqttparty.redis.internal.lane.Reply;
import io.netty.util.concurrent.EventExecutor;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Looks whether the server is still the same one with the same data, each time that a connection was lost: another process, or a replica that was
 * promoted, may lack the last changes. As long as it has not looked, nobody may rely on what a mirror of Redis says.
 */
final class StoreWatch {
    private static final Logger LOG = System.getLogger(StoreWatch.class.getName());
    private static final long RETRY_MILLIS = 100;

    private final RedisContext context;
    private final EventExecutor executor;
    private final Runnable onReplaced;
    private volatile boolean sure = true;

    // on the executor
    private final Map<Lane, Integer> unsure = new HashMap<>();
    private @Nullable Identity known;
    private int reconnects;

    StoreWatch(RedisContext context, Runnable onReplaced) {
        this.context = context;
        this.executor = context.executors().next();
        this.onReplaced = onReplaced;
        context.lanes().onReconnected(this::onReconnected);
    }

    /** Whether the server is known to be the one that it was. */
    boolean isSure() {
        return sure;
    }

    /** Notes which server it is, once. */
    CompletionStage<Void> begin() {
        return Identity.read(context.lanes().of(0))
                .thenAcceptAsync(
                        identity -> {
                            if (known == null) {
                                known = identity;
                            }
                        },
                        executor);
    }

    private void onReconnected(Lane lane) {
        sure = false;
        executor.execute(() -> {
            int reconnect = ++reconnects;
            unsure.put(lane, reconnect);
            look(lane, reconnect);
        });
    }

    /** Asks on the lane itself: others may lead elsewhere. */
    private void look(Lane lane, int reconnect) {
        var unused = Identity.read(lane)
                .whenCompleteAsync((identity, failure) -> onLooked(lane, reconnect, identity), executor);
    }

    private void onLooked(Lane lane, int reconnect, @Nullable Identity identity) {
        if (!Integer.valueOf(reconnect).equals(unsure.get(lane))) {
            return; // it was lost again meanwhile
        }
        if (!lane.isClosed() && (identity == null || !identity.isPrimary())) {
            if (identity != null) {
                lane.leaveServer();
            }
            var unused = executor.schedule(() -> look(lane, reconnect), RETRY_MILLIS, TimeUnit.MILLISECONDS);
            return;
        }
        unsure.remove(lane);
        if (identity != null && known != null && !known.equals(identity)) {
            LOG.log(Level.WARNING, "redis: another server, or the same one with other data: all is looked at again");
            known = identity;
            onReplaced.run();
        }
        sure = unsure.isEmpty();
    }

    /**
     * A server and the history of its data.
     *
     * @param run of the process
     * @param history of the data: a replica that is promoted begins a new one
     * @param isPrimary whether it takes writes
     */
    private record Identity(String run, String history, boolean isPrimary) {
        static CompletionStage<Identity> read(Lane lane) {
            return Lanes.call(lane, CommandType.INFO, reply -> of(Reply.text(reply)));
        }

        private static Identity of(String info) {
            String run = "";
            String history = "";
            boolean isPrimary = false;
            for (String line : info.split("\r?\n", -1)) {
                int colon = line.indexOf(':');
                String value = line.substring(colon + 1);
                switch (line.substring(0, Math.max(0, colon))) {
                    case "run_id" -> run = value;
                    case "master_replid" -> history = value;
                    case "role" -> isPrimary = value.equals("master");
                    default -> {} // not needed
                }
            }
            return new Identity(run, history, isPrimary);
        }
    }
}
