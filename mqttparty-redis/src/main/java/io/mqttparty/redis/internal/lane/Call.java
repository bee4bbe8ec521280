package io.mqttparty.redis.internal.lane;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.lettuce.core.protocol.Command;
import io.lettuce.core.protocol.ProtocolKeyword;
import io.netty.buffer.ByteBuf;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * One command on its way. It is settled once, whoever comes first: the reply, the end of the connection, or the time limit. A call of a batch that waits for
 * replicas keeps its reply until the batch is released.
 */
class Call extends Command<byte[], byte[], Object> {
    private static final VarHandle SETTLED;

    /** What a server answers that is a replica now. */
    private static final String READ_ONLY = "READONLY";

    private static final byte[] CRLF = {'\r', '\n'};

    static {
        try {
            SETTLED = MethodHandles.lookup().findVarHandle(Call.class, "settled", boolean.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final byte[][] arguments;
    private final ReplyHandler handler;
    private final int size;
    private @Nullable Batch batch;

    @SuppressWarnings("unused") // through SETTLED
    private volatile boolean settled;

    Call(ProtocolKeyword type, byte[][] arguments, ReplyHandler handler) {
        super(type, new ReplyOutput());
        this.arguments = arguments;
        this.handler = handler;
        int bytes = 32;
        for (byte[] each : arguments) {
            bytes += each.length + 16;
        }
        this.size = bytes;
    }

    /** About how many bytes it takes on the wire. */
    int size() {
        return size;
    }

    byte[][] arguments() {
        return arguments;
    }

    ReplyHandler handler() {
        return handler;
    }

    /** It was taken into a batch: what it says is fixed now. Called once, before it is written. */
    void leave() {}

    void joined(Batch to) {
        batch = to;
    }

    @Override
    public void encode(ByteBuf target) {
        byte[][] all = arguments();
        writeHead(target, '*', all.length + 1);
        writeBulk(target, getType().toString().getBytes(US_ASCII));
        for (byte[] argument : all) {
            writeBulk(target, argument);
        }
    }

    private static void writeBulk(ByteBuf target, byte[] bytes) {
        writeHead(target, '$', bytes.length);
        target.writeBytes(bytes);
        target.writeBytes(CRLF);
    }

    private static void writeHead(ByteBuf target, char kind, int count) {
        target.writeByte(kind);
        if (count < 10) {
            target.writeByte('0' + count);
        } else {
            target.writeCharSequence(Integer.toString(count), US_ASCII);
        }
        target.writeBytes(CRLF);
    }

    // ---- what Lettuce says ----

    @Override
    public void complete() {
        super.complete();
        Batch held = batch;
        if (held != null && held.holdsReplies()) {
            return; // the WAIT at its end decides
        }
        settleWithReply();
    }

    @Override
    public boolean completeExceptionally(Throwable cause) {
        super.completeExceptionally(cause);
        settleWithFailure(new RedisUnavailableException("redis: " + cause.getMessage(), cause));
        return true;
    }

    @Override
    public void cancel() {
        super.cancel();
        settleWithFailure(new RedisUnavailableException("redis: connection closed", null));
    }

    // ---- settling ----

    /** Hands on the reply that has come. */
    void settleWithReply() {
        if (!SETTLED.compareAndSet(this, false, true)) {
            return;
        }
        leaveBatch();
        String error = getOutput().getError();
        if (error != null) {
            onError(error);
            return;
        }
        try {
            handler.onReply(((ReplyOutput) getOutput()).reply());
        } catch (Throwable e) { // whatever it is, it must not cost the connection, on whose thread this is
            handler.onFailure(e);
        }
    }

    /** Redis refused the command. */
    void onError(String error) {
        Batch sentWith = batch;
        if (sentWith != null && error.startsWith(READ_ONLY)) {
            sentWith.lane().leaveServer();
        }
        handler.onFailure(new RedisErrorException(error));
    }

    /** Gives up: a reply that still comes is ignored, and a command that was not written yet never is. */
    void settleWithFailure(Throwable cause) {
        if (SETTLED.compareAndSet(this, false, true)) {
            super.cancel();
            leaveBatch();
            handler.onFailure(cause);
        }
    }

    private void leaveBatch() {
        Batch left = batch;
        if (left != null) {
            left.onSettled(this);
        }
    }
}
