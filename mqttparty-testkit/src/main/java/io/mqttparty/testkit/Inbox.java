package io.mqttparty.testkit;

import io.mqttparty.testkit.FrameBuffer.Frame;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** The packets that came over a pipe, each checked when it came, in their order until a test takes them. */
final class Inbox {
    private final BytePipe pipe;
    private final Exchanges exchanges;
    private final FrameBuffer frames = new FrameBuffer();
    private final Deque<ServerPacket> packets = new ArrayDeque<>();
    private Predicate<ServerPacket> onArrival = packet -> true;

    Inbox(BytePipe pipe, Exchanges exchanges) {
        this.pipe = pipe;
        this.exchanges = exchanges;
    }

    /** What is done with each packet that comes from now on; it is kept if the result is true. */
    void onArrival(Predicate<ServerPacket> action) {
        onArrival = action;
    }

    /** The next packet, waited for. */
    Optional<ServerPacket> await() {
        fill(pipe::awaitBytes);
        return Optional.ofNullable(packets.poll());
    }

    /** The next packet that fits, waited for; those before it keep their places. */
    Optional<ServerPacket> await(Predicate<ServerPacket> wanted) {
        Deque<ServerPacket> passed = new ArrayDeque<>();
        Optional<ServerPacket> next = await();
        while (next.isPresent() && !wanted.test(next.get())) {
            passed.push(next.get());
            next = await();
        }
        passed.forEach(packets::push);
        return next;
    }

    /** The next packet, if it is there. */
    Optional<ServerPacket> poll() {
        fill(pipe::pollBytes);
        return Optional.ofNullable(packets.poll());
    }

    void clear(Consumer<ServerPacket> consumer) {
        for (Optional<ServerPacket> next = poll(); next.isPresent(); next = poll()) {
            consumer.accept(next.get());
        }
    }

    boolean hasPartOfPacket() {
        return frames.hasPartOfFrame();
    }

    private void fill(Supplier<byte[]> source) {
        while (packets.isEmpty()) {
            byte[] bytes = source.get();
            if (bytes.length == 0) {
                return;
            }
            frames.add(bytes);
            for (Optional<Frame> frame = nextFrame(); frame.isPresent(); frame = nextFrame()) {
                onFrame(frame.get());
            }
        }
    }

    private Optional<Frame> nextFrame() {
        try {
            return frames.next();
        } catch (IllegalArgumentException e) {
            throw ServerPacketReader.breach("2.2.3", "a remaining length of more than four bytes");
        }
    }

    private void onFrame(Frame frame) {
        ServerPacket packet = ServerPacketReader.read(frame);
        exchanges.onReceived(packet);
        if (onArrival.test(packet)) {
            packets.add(packet);
        }
    }
}
