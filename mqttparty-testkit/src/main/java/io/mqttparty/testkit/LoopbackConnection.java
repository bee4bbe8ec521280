package io.mqttparty.testkit;

import java.util.Arrays;

/**
 * The client's side of a connection over a {@link LoopbackTransport}. What the broker wrote is visible only after it flushed. Each method
 * that changes something lets the loops run until idle, unless the test steps by hand ({@link FakeClock#stepManually}).
 */
public final class LoopbackConnection implements BytePipe {
    private final LoopRunner runner;
    private final LoopbackChannel channel;
    private boolean closedByPeer;

    LoopbackConnection(LoopRunner runner, LoopbackChannel channel) {
        this.runner = runner;
        this.channel = channel;
    }

    /** Sends the bytes as one cut: the broker gets them in one call of {@code onBytes}. What the broker does not take any more is lost. */
    @Override
    public void send(byte[] bytes) {
        sendCut(bytes, Math.max(1, bytes.length));
    }

    /** Sends the bytes in cuts of this size, the last one shorter; they are read in one turn of the loop. */
    public void sendCut(byte[] bytes, int size) {
        if (size < 1) {
            throw new IllegalArgumentException("size: " + size + " (expected: at least 1)");
        }
        act(() -> {
            requireOpen();
            for (int from = 0; from < bytes.length; from += size) {
                channel.inbound().send(Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + size)));
            }
            channel.submitRead();
        });
    }

    @Override
    public byte[] awaitBytes() {
        return receive(Integer.MAX_VALUE);
    }

    @Override
    public byte[] pollBytes() {
        return receive(Integer.MAX_VALUE);
    }

    /** Takes at most this many of the bytes that the broker flushed, which makes room for others. */
    public byte[] receive(int atMost) {
        act(() -> {});
        byte[] taken = runner.act(() -> channel.outbound().take(atMost));
        act(channel::updateWritable);
        return taken;
    }

    /** The number of bytes that could be taken now. */
    public int available() {
        return channel.outbound().available();
    }

    /** The number of bytes that the client sent and the broker has not read, for instance because it paused reading. */
    public int unread() {
        return channel.inbound().waiting();
    }

    /** Whether the broker reads from this connection. */
    public boolean isBrokerReading() {
        return channel.isReading();
    }

    /** {@code false}: the socket is full; what the broker flushes stays on its side. {@code true}: it drains, and the broker is told. */
    public void setWritable(boolean writable) {
        act(() -> {
            if (writable) {
                channel.outbound().resume();
            } else {
                channel.outbound().stall();
            }
            channel.updateWritable();
        });
    }

    /** From now on the channel is not writable while at least this many bytes wait for the client. */
    public void setCapacity(int bytes) {
        act(() -> {
            channel.outbound().capacity(bytes);
            channel.updateWritable();
        });
    }

    /** Lets the broker get this many cuts although it has paused reading, as a transport that had read them already may do. */
    public void allowLateReads(int cuts) {
        act(() -> {
            channel.lateReads(cuts);
            channel.submitRead();
        });
    }

    /** Closes the connection in good order: the broker first gets all bytes that were sent, if it reads. */
    public void closeByPeer() {
        act(() -> {
            closedByPeer = true;
            channel.inbound().end();
            channel.submitRead();
        });
    }

    /** Breaks the connection: the broker does not get what it has not read. */
    public void resetByPeer() {
        act(() -> {
            closedByPeer = true;
            channel.breakOff();
        });
    }

    /** The same as {@link #closeByPeer()}. */
    @Override
    public void close() {
        closeByPeer();
    }

    /** Whether neither side has closed the connection. */
    public boolean isOpen() {
        return !closedByPeer && channel.isOpen();
    }

    /** {@inheritDoc} For the end of a connection that was closed by the client only what had arrived before counts. */
    @Override
    public boolean isEnded() {
        return (closedByPeer || !channel.isOpen()) && !channel.outbound().hasBytes();
    }

    /** What went over this connection until now. */
    public LoopbackCounters counters() {
        return channel.counters();
    }

    /** The loop that the connection is confined to. */
    public LoopbackEventLoop eventLoop() {
        return (LoopbackEventLoop) channel.eventLoop();
    }

    private void act(Runnable action) {
        runner.act(() -> {
            action.run();
            return this;
        });
    }

    private void requireOpen() {
        if (closedByPeer) {
            throw new IllegalStateException("the client has closed the connection (expected: open)");
        }
    }
}
