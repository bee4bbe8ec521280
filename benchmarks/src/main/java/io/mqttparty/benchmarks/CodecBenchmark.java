package io.mqttparty.benchmarks;

import io.mqttparty.internal.codec.CodecLimits;
import io.mqttparty.internal.codec.FrameDecoder;
import io.mqttparty.internal.codec.PacketDecoder;
import io.mqttparty.internal.codec.PacketEncoder;
import io.mqttparty.internal.packet.Connect;
import io.mqttparty.internal.packet.PacketSink;
import io.mqttparty.internal.packet.PacketType;
import io.mqttparty.internal.packet.Subscribe;
import io.mqttparty.internal.packet.Unsubscribe;
import io.mqttparty.model.Message;
import io.mqttparty.model.QoS;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/**
 * Nanoseconds per packet of the codec alone, over direct buffers as the transport gives them: one buffer with {@value #PACKETS} packets to
 * 16 topics, as one read of a busy connection brings them. Run with {@code -prof gc} for the bytes allocated.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
@State(Scope.Thread)
public class CodecBenchmark {
    static final int PACKETS = 256;

    private static final int TOPICS = 16;
    private static final int MAX_PACKET_SIZE = 256 * 1024;

    @Param("64")
    int payloadBytes;

    private final Message[] messages = new Message[PACKETS];
    private final PacketDecoder decoder = new PacketDecoder(CodecLimits.DEFAULT);

    private ByteBuffer publishesQos0 = ByteBuffer.allocate(0);
    private ByteBuffer publishesQos1 = ByteBuffer.allocate(0);
    private ByteBuffer acknowledgements = ByteBuffer.allocate(0);
    private ByteBuffer target = ByteBuffer.allocate(0);

    /** Prepares the bytes. */
    @Setup(Level.Trial)
    public void prepare() {
        for (int i = 0; i < PACKETS; i++) {
            String topic = "sensors/building-" + i % TOPICS + "/temperature";
            messages[i] = Message.of(topic, "x".repeat(payloadBytes), QoS.AT_LEAST_ONCE);
        }
        int capacity = PACKETS * PacketEncoder.publishLength(messages[PACKETS - 1], QoS.AT_LEAST_ONCE);
        target = ByteBuffer.allocateDirect(capacity);
        publishesQos0 = copyOf(writePublishes(QoS.AT_MOST_ONCE));
        publishesQos1 = copyOf(writePublishes(QoS.AT_LEAST_ONCE));
        acknowledgements = copyOf(writeAcknowledgements());
    }

    /** PUBLISH at QoS 0 in. */
    @Benchmark
    @OperationsPerInvocation(PACKETS)
    public void decodePublishQos0(Blackhole blackhole) {
        decode(publishesQos0, blackhole);
    }

    /** PUBLISH at QoS 1 in. */
    @Benchmark
    @OperationsPerInvocation(PACKETS)
    public void decodePublishQos1(Blackhole blackhole) {
        decode(publishesQos1, blackhole);
    }

    /** PUBACK in. */
    @Benchmark
    @OperationsPerInvocation(PACKETS)
    public void decodeAcknowledgement(Blackhole blackhole) {
        decode(acknowledgements, blackhole);
    }

    /** PUBLISH at QoS 0 out. */
    @Benchmark
    @OperationsPerInvocation(PACKETS)
    public ByteBuffer encodePublishQos0() {
        return writePublishes(QoS.AT_MOST_ONCE);
    }

    /** PUBLISH at QoS 1 out. */
    @Benchmark
    @OperationsPerInvocation(PACKETS)
    public ByteBuffer encodePublishQos1() {
        return writePublishes(QoS.AT_LEAST_ONCE);
    }

    /** PUBACK out. */
    @Benchmark
    @OperationsPerInvocation(PACKETS)
    public ByteBuffer encodeAcknowledgement() {
        return writeAcknowledgements();
    }

    private void decode(ByteBuffer in, Blackhole blackhole) {
        PacketSink sink = new ConsumingSink(blackhole);
        in.rewind();
        int length = FrameDecoder.frameLength(in, MAX_PACKET_SIZE);
        while (length > 0) {
            decoder.decode(in, length, sink);
            length = FrameDecoder.frameLength(in, MAX_PACKET_SIZE);
        }
    }

    private ByteBuffer writePublishes(QoS qos) {
        target.clear();
        int length = 0;
        for (Message message : messages) {
            length += PacketEncoder.publishLength(message, qos);
        }
        target.limit(length);
        for (int i = 0; i < PACKETS; i++) {
            PacketEncoder.writePublish(target, messages[i], i + 1, qos, false, false);
        }
        return target;
    }

    private ByteBuffer writeAcknowledgements() {
        target.clear();
        for (int i = 0; i < PACKETS; i++) {
            PacketEncoder.writeAcknowledgement(target, PacketType.PUBACK, i + 1);
        }
        return target;
    }

    private static ByteBuffer copyOf(ByteBuffer written) {
        ByteBuffer source = written.duplicate().flip();
        return ByteBuffer.allocateDirect(source.remaining()).put(source).flip();
    }

    private record ConsumingSink(Blackhole blackhole) implements PacketSink {
        @Override
        public void onConnect(Connect connect) {
            blackhole.consume(connect);
        }

        @Override
        public void onPublish(Message message, int packetId, boolean dup) {
            blackhole.consume(message);
        }

        @Override
        public void onAcknowledgement(PacketType type, int packetId) {
            blackhole.consume(packetId);
        }

        @Override
        public void onSubscribe(Subscribe subscribe) {
            blackhole.consume(subscribe);
        }

        @Override
        public void onUnsubscribe(Unsubscribe unsubscribe) {
            blackhole.consume(unsubscribe);
        }

        @Override
        public void onPingreq() {
            blackhole.consume(0);
        }

        @Override
        public void onDisconnect() {
            blackhole.consume(1);
        }
    }
}
