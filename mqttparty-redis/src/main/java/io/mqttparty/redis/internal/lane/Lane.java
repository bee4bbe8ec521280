package io.mqttparty.redis.internal.lane;

import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.protocol.CommandType;
import io.lettuce.core.protocol.ProtocolKeyword;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * One connection that keeps the order of its commands and batches them by itself: while nothing is under way a command leaves at once; while
 * replies are awaited, what comes is collected and leaves together. Any thread may send; nobody waits.
 *
 * <p>Limits: a lane with too much on it first asks publishers to pause ({@link #isCongested}), then refuses. Replies that do not come in time,
 * and a connection that is lost, open the circuit: from then on commands fail at once, until a PING is answered.
 */
public final class Lane {
    static final int BATCH_COMMANDS = 256;
    static final int BATCH_BYTES = 128 * 1024;

    private static final long PROBE_NANOS = 250_000_000L;
    private static final byte[][] NO_ARGUMENTS = {};
    private static final byte[] LOAD = "LOAD".getBytes(StandardCharsets.US_ASCII);

    private static final ReplyHandler NOBODY = new ReplyHandler() {
        @Override
        public void onReply(@Nullable Object reply) {}

        @Override
        public void onFailure(Throwable cause) {}
    };

    private final StatefulConnection<byte[], byte[]> connection;
    private final LaneOptions options;
    private final Queue<Call> waiting = new ConcurrentLinkedQueue<>();
    private final Queue<Batch> underWay = new ConcurrentLinkedQueue<>();
    private final AtomicInteger batches = new AtomicInteger();
    private final AtomicInteger collected = new AtomicInteger();
    private final AtomicInteger commands = new AtomicInteger();
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicInteger drains = new AtomicInteger();
    private volatile boolean open;
    private volatile boolean closed;
    private volatile boolean probing;
    private volatile long lastProbe;
    private volatile boolean leaving;
    private volatile long leftNanos;
    private volatile @Nullable SocketAddress server;

    Lane(StatefulConnection<byte[], byte[]> connection, LaneOptions options) {
        this.connection = connection;
        this.options = options;
    }

    /** Sends a command; the handler hears of its end. */
    public void send(ProtocolKeyword type, ReplyHandler handler, byte[]... arguments) {
        send(new Call(type, arguments, handler));
    }

    /**
     * Puts a command behind those that wait, without sending anything: {@link #flush} follows, so that commands which belong together leave
     * together.
     */
    public void collect(ProtocolKeyword type, ReplyHandler handler, byte[]... arguments) {
        collect(new Call(type, arguments, handler));
    }

    /** Sends what was collected. */
    public void flush() {
        drain();
    }

    /** Sends a command that goes on collecting its arguments until it leaves; the handler hears of its end. */
    public void sendLate(ProtocolKeyword type, ReplyHandler handler, LateArguments arguments) {
        send(new LateCall(type, handler, arguments));
    }

    void send(Call call) {
        collect(call);
        drain();
    }

    private void collect(Call call) {
        String refusal = refusal();
        if (refusal != null) {
            call.settleWithFailure(new RedisUnavailableException(refusal, null));
            return;
        }
        commands.incrementAndGet();
        bytes.addAndGet(call.size());
        collected.incrementAndGet();
        waiting.add(call);
    }

    private @Nullable String refusal() {
        if (closed) {
            return "redis: closed";
        }
        if (open) {
            return "redis: does not answer";
        }
        if (commands.get() >= options.hardCommands() || bytes.get() >= options.hardBytes()) {
            return "redis: " + commands.get() + " commands of " + bytes.get() + " bytes are open (expected: at most "
                    + options.hardCommands() + " of " + options.hardBytes() + ")";
        }
        return null;
    }

    /** Whether publishers should pause. */
    public boolean isCongested() {
        return commands.get() >= options.softCommands() || bytes.get() >= options.softBytes();
    }

    /** Whether commands are refused because Redis does not answer. */
    public boolean isOpen() {
        return open;
    }

    /** Whether it is closed for good. */
    public boolean isClosed() {
        return closed;
    }

    // ---- batching ----

    /** Sends what may leave now. One thread at a time does it; whoever comes meanwhile leaves it to that one. */
    private void drain() {
        if (drains.getAndIncrement() != 0) {
            return;
        }
        int seen = 1;
        do {
            seen = drains.get();
            while (mayLeave()) {
                dispatch(nextBatch());
            }
        } while (drains.addAndGet(-seen) != 0);
    }

    /**
     * One batch at a time: Netty writes at once what its own thread sends and later what others send, so that a second batch could overtake the
     * first.
     */
    private boolean mayLeave() {
        return collected.get() > 0 && batches.get() == 0;
    }

    private List<Call> nextBatch() {
        List<Call> next = new ArrayList<>(Math.min(collected.get(), BATCH_COMMANDS) + 1);
        int size = 0;
        Call call;
        while (next.size() < BATCH_COMMANDS && size < BATCH_BYTES && (call = waiting.poll()) != null) {
            collected.decrementAndGet();
            size += call.size();
            call.leave();
            next.add(call);
        }
        return next;
    }

    private void dispatch(List<Call> calls) {
        if (calls.isEmpty()) {
            return;
        }
        Batch batch = new Batch(this, calls, options.replicas() > 0, System.nanoTime());
        batches.incrementAndGet();
        underWay.add(batch);
        if (open || closed) {
            batch.fail(new RedisUnavailableException("redis: does not answer", null));
            return;
        }
        if (batch.holdsReplies()) {
            calls.add(new WaitCall(batch, options.replicas(), options.replicaTimeoutMillis()));
        }
        try {
            connection.dispatch(calls);
        } catch (RuntimeException e) {
            batch.fail(new RedisUnavailableException("redis: " + e.getMessage(), e));
        }
    }

    // ---- settling ----

    void onSettled(Call call) {
        commands.decrementAndGet();
        bytes.addAndGet(-call.size());
    }

    void onDone(Batch batch) {
        underWay.remove(batch);
        batches.decrementAndGet();
        drain();
    }

    // ---- time ----

    /** Looks for replies that are late, and whether Redis is back. Called every 100 ms or so. */
    void tick(long nowNanos) {
        Batch oldest = underWay.peek();
        if (oldest != null && nowNanos - oldest.sentNanos() > options.timeoutNanos()) {
            open = true;
            RedisUnavailableException late = new RedisUnavailableException("redis: no answer in time", null);
            for (Batch batch : underWay) {
                batch.fail(late);
            }
        }
        if (!connection.isOpen() && !closed) {
            open = true;
        }
        if (open && !closed && !probing && nowNanos - lastProbe > PROBE_NANOS) {
            probe(nowNanos);
        }
    }

    private void probe(long nowNanos) {
        probing = true;
        lastProbe = nowNanos;
        List<Call> calls = scripts();
        calls.add(new Call(CommandType.PING, NO_ARGUMENTS, new ReplyHandler() {
            @Override
            public void onReply(@Nullable Object reply) {
                probing = false;
                open = false;
                drain();
            }

            @Override
            public void onFailure(Throwable cause) {
                probing = false;
            }
        }));
        connection.dispatch(calls);
    }

    /**
     * Makes all scripts known to the server, ahead of what is sent later: a call of one that is unknown goes again at the end of the lane, where later calls would have overtaken
     * it. A server that does not allow it gets the source with the first call.
     */
    void loadScripts() {
        List<Call> loads = scripts();
        if (!loads.isEmpty()) {
            connection.dispatch(loads);
        }
    }

    private static List<Call> scripts() {
        List<Call> loads = new ArrayList<>();
        for (Script script : Script.all()) {
            loads.add(new Call(CommandType.SCRIPT, new byte[][] {LOAD, script.source()}, NOBODY));
        }
        return loads;
    }

    /**
     * The server is no primary any more: it is asked to close the connection, upon which the client connects to the primary, if it
     * has the addresses of sentinels.
     */
    public void leaveServer() {
        long now = System.nanoTime();
        if (leaving && now - leftNanos < PROBE_NANOS) {
            return;
        }
        leaving = true;
        leftNanos = now;
        open = true;
        connection.dispatch(new Call(CommandType.QUIT, NO_ARGUMENTS, NOBODY));
    }

    /** There is a new connection. */
    void onConnected(SocketAddress address) {
        server = address;
    }

    /** Whether it is known to lead to this server. Of its first connection that is not known. */
    boolean isConnectedTo(String host, String port) {
        return server instanceof InetSocketAddress address
                && String.valueOf(address.getPort()).equals(port)
                && (address.getHostString().equals(host) || host.equals(ipOf(address)));
    }

    private static String ipOf(InetSocketAddress address) {
        InetAddress resolved = address.getAddress();
        return resolved == null ? "" : resolved.getHostAddress();
    }

    /** The connection was lost: what is sent now fails at once. */
    void onDisconnected() {
        open = true;
    }

    /** Refuses all further commands; those that are under way end with the connection. */
    CompletionStage<Void> close() {
        closed = true;
        drain();
        return connection.closeAsync();
    }
}
