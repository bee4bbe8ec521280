package io.mqttparty.testkit;

import static java.util.Objects.requireNonNull;

import io.mqttparty.spi.transport.ConnectionHandler;
import io.mqttparty.spi.transport.EventLoop;
import io.mqttparty.spi.transport.OutboundBatch;
import io.mqttparty.spi.transport.Transport.Acceptor;
import io.mqttparty.spi.transport.TransportChannel;
import java.net.SocketAddress;
import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;
import java.security.cert.Certificate;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The broker's side of a connection. It does what the SPI says and nothing more, and holds the broker to its part of the contract.
 *
 * <pre>
 * state     left by                                     calls of the broker
 * OPEN      close() of the broker, end of the client    all
 * CLOSING   onClosed(), in the next event of the loop   write is a violation, the rest ignored
 * ENDED     -                                           ignored and counted
 * </pre>
 */
final class LoopbackChannel implements TransportChannel {
    private enum State {
        OPEN,
        CLOSING,
        ENDED
    }

    private final LoopRunner runner;
    private final LoopbackEventLoop loop;
    private final ConnectOptions options;
    private final Consumer<LoopbackChannel> onEnd;
    private final InboundPipe inbound = new InboundPipe();
    private final OutboundPipe outbound;
    private final Tally tally;
    private @Nullable ConnectionHandler handler;
    private State state = State.OPEN;
    private boolean reading = true;
    private boolean readSubmitted;
    private boolean writable = true;
    private int lateReads;

    LoopbackChannel(
            LoopRunner runner,
            LoopbackEventLoop loop,
            ConnectOptions options,
            Tally tally,
            Consumer<LoopbackChannel> onEnd) {
        this.runner = runner;
        this.loop = loop;
        this.options = options;
        this.tally = tally;
        this.onEnd = onEnd;
        this.outbound = new OutboundPipe(options.capacity());
    }

    // What the transport and the client do

    void accept(Acceptor acceptor) {
        try {
            handler = requireNonNull(acceptor.onAccept(this), "onAccept returned null");
        } finally {
            if (handler == null) {
                state = State.ENDED;
                onEnd.accept(this);
            }
        }
        submitRead();
    }

    InboundPipe inbound() {
        return inbound;
    }

    OutboundPipe outbound() {
        return outbound;
    }

    LoopbackCounters counters() {
        return tally.counters();
    }

    boolean isOpen() {
        return state == State.OPEN;
    }

    boolean isReading() {
        return reading;
    }

    void lateReads(int count) {
        lateReads = count;
    }

    /** Bytes or an end came from the client: they are read in one of the next turns, if the broker reads. */
    void submitRead() {
        boolean something = inbound.hasBytes() || inbound.isAtEnd();
        if (something && mayRead() && !readSubmitted && handler != null) {
            readSubmitted = true;
            loop.onInput(this::read);
        }
    }

    /** The connection broke: the end comes before the bytes that wait. */
    void breakOff() {
        inbound.reset();
        loop.onInput(this::end);
    }

    /** Tells the broker when {@link #isWritable} has turned true; called whenever it may have changed. */
    void updateWritable() {
        boolean before = writable;
        writable = outbound.isWritable();
        if (writable && !before) {
            loop.onInput(this::announceWritable);
        }
    }

    /** The broker's process is gone: the client sees the end, the broker sees nothing any more. */
    void crash() {
        state = State.ENDED;
        outbound.dropUnflushed();
    }

    void end() {
        if (state == State.ENDED) {
            return;
        }
        state = State.ENDED;
        outbound.dropUnflushed();
        onEnd.accept(this);
        if (handler != null) {
            handler.onClosed();
        }
    }

    private void read() {
        readSubmitted = false;
        for (int cuts = inbound.cuts(); cuts > 0 && inbound.hasBytes() && mayRead(); cuts--) {
            byte[] cut = inbound.take();
            lateReads -= reading ? 0 : 1;
            tally.onRead(cut.length);
            loop.readBuffer().lend(cut, requireNonNull(handler)::onBytes);
        }
        if (inbound.isAtEnd() && mayRead()) {
            end();
        }
        submitRead();
    }

    private boolean mayRead() {
        return state == State.OPEN && (reading || (lateReads > 0 && inbound.hasBytes()));
    }

    private void announceWritable() {
        if (state == State.OPEN && isWritable() && handler != null) {
            handler.onWritable();
        }
    }

    // What the broker does

    @Override
    public EventLoop eventLoop() {
        return loop;
    }

    @Override
    public SocketAddress remoteAddress() {
        return options.remoteAddress();
    }

    @Override
    public List<Certificate> peerCertificates() {
        return options.peerCertificates();
    }

    @Override
    public boolean isWritable() {
        checkOnLoop("isWritable");
        return state == State.OPEN && outbound.isWritable();
    }

    @Override
    public void write(OutboundBatch batch) {
        if (state == State.CLOSING) {
            throw violation("write after close");
        }
        if (isIgnored("write")) {
            return;
        }
        byte[] bytes = bytesOf(batch);
        tally.onWrite(batch.frames(), bytes.length, outbound.isWritable());
        outbound.write(bytes);
        updateWritable();
    }

    @Override
    public void flush() {
        if (!isIgnored("flush")) {
            tally.onFlush(outbound.flush());
        }
    }

    @Override
    public void setReading(boolean on) {
        if (!isIgnored("setReading")) {
            reading = on;
            submitRead();
        }
    }

    @Override
    public void close() {
        if (!isIgnored("close")) {
            state = State.CLOSING;
            loop.onInput(this::end);
        }
    }

    private byte[] bytesOf(OutboundBatch batch) {
        ByteBuffer target = ByteBuffer.allocate(batch.length());
        try {
            batch.writeTo(target);
        } catch (BufferOverflowException e) {
            throw violation("writeTo wrote more than length(): " + batch.length() + " bytes");
        }
        if (target.hasRemaining()) {
            throw violation("writeTo wrote " + target.position() + " bytes (expected: " + batch.length() + ")");
        }
        return target.array();
    }

    private boolean isIgnored(String call) {
        checkOnLoop(call);
        if (state != State.OPEN) {
            tally.onIgnored();
        }
        return state != State.OPEN;
    }

    private void checkOnLoop(String call) {
        if (!loop.inEventLoop()) {
            throw violation(call + " was not called on " + loop);
        }
    }

    private ContractViolation violation(String what) {
        ContractViolation violation = new ContractViolation(what + " [" + options.remoteAddress() + "]");
        runner.failed(violation);
        return violation;
    }
}
