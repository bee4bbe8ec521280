package io.mqttparty.internal.codec;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.mqttparty.internal.packet.Connect;
import io.mqttparty.internal.packet.PacketSink;
import io.mqttparty.internal.packet.PacketType;
import io.mqttparty.internal.packet.Puback;
import io.mqttparty.internal.packet.Publish;
import io.mqttparty.internal.packet.Subscribe;
import io.mqttparty.internal.packet.Unsubscribe;
import io.mqttparty.model.Message;
import io.mqttparty.model.Payload;
import io.mqttparty.model.QoS;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

/** What the traffic allocates, counted by the JVM, in interpreted and in compiled code alike. */
final class AllocationTest {
    private static final int ROUNDS = 20_000;
    /** Message, Payload, its array with 64 bytes: 40 + 16 + 80 with compressed references, 56 + 24 + 88 without. */
    private static final int PUBLISH_BYTES = 168;

    private static final Message MESSAGE = Message.of("sensors/kitchen/temperature", "x".repeat(64), QoS.AT_LEAST_ONCE);

    private final CountingSink sink = new CountingSink();
    private final PacketDecoder decoder = new PacketDecoder(CodecLimits.DEFAULT);

    @Test
    void publish_repeated_allocatesItsMessageAndPayloadOnly() {
        ByteBuffer in = direct(Wire.encode(new Publish(MESSAGE, 7, false)));
        assertThat(allocatedPerRound(() -> decode(in))).isBetween(64.0, (double) PUBLISH_BYTES);
    }

    @Test
    void acknowledgement_decoded_allocatesNothing() {
        ByteBuffer in = direct(Wire.encode(new Puback(7)));
        assertThat(allocatedPerRound(() -> decode(in))).isLessThan(1);
    }

    @Test
    void publishAndAcknowledgements_encoded_allocateNothing() {
        ByteBuffer target = ByteBuffer.allocateDirect(200);
        assertThat(allocatedPerRound(() -> {
                    target.clear();
                    PacketEncoder.writePublish(target, MESSAGE, 7, QoS.AT_LEAST_ONCE, false, false);
                    PacketEncoder.writeAcknowledgement(target, PacketType.PUBREL, 7);
                    PacketEncoder.writePingresp(target);
                }))
                .isLessThan(1);
    }

    private void decode(ByteBuffer in) {
        in.position(0);
        decoder.decode(in, FrameDecoder.frameLength(in, Wire.MAX_PACKET_SIZE), sink);
    }

    private static ByteBuffer direct(byte[] bytes) {
        return ByteBuffer.allocateDirect(bytes.length).put(bytes);
    }

    private static double allocatedPerRound(Runnable action) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = 0;
        for (int i = -ROUNDS; i < ROUNDS; i++) {
            if (i == 0) {
                before = threads.getCurrentThreadAllocatedBytes();
            }
            action.run();
        }
        return (double) (threads.getCurrentThreadAllocatedBytes() - before) / ROUNDS;
    }

    /** Keeps the last message, so that the compiler cannot do without it. */
    private static final class CountingSink implements PacketSink {
        private Payload last = Payload.EMPTY;
        private long acknowledged;

        @Override
        public void onConnect(Connect connect) {}

        @Override
        public void onPublish(Message message, int packetId, boolean dup) {
            last = message.payload();
        }

        @Override
        public void onAcknowledgement(PacketType type, int packetId) {
            acknowledged += packetId + last.size();
        }

        @Override
        public void onSubscribe(Subscribe subscribe) {}

        @Override
        public void onUnsubscribe(Unsubscribe unsubscribe) {}

        @Override
        public void onPingreq() {}

        @Override
        public void onDisconnect() {}
    }
}
