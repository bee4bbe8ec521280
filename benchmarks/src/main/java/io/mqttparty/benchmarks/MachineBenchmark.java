package io.mqttparty.benchmarks;

import io.mqttparty.internal.codec.CodecLimits;
import io.mqttparty.internal.codec.FrameDecoder;
import io.mqttparty.internal.codec.PacketDecoder;
import io.mqttparty.internal.codec.PacketEncoder;
import io.mqttparty.internal.packet.PacketType;
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

/**
 * Nanoseconds per message through codec and machines, from one client to another, without sockets and routing: {@value #MESSAGES} PUBLISH
 * packets in one buffer are decoded, pass the publisher's machine and the subscriber's, are encoded, and the whole exchange of their quality of
 * service runs to its end on both sides. Run with {@code -prof gc} for the bytes allocated.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
@State(Scope.Thread)
public class MachineBenchmark {
    static final int MESSAGES = 100;

    private static final int MAX_PACKET_SIZE = 256 * 1024;

    @Param({"AT_MOST_ONCE", "AT_LEAST_ONCE", "EXACTLY_ONCE"})
    QoS qos = QoS.AT_MOST_ONCE;

    @Param("64")
    int payloadBytes;

    private final PacketDecoder decoder = new PacketDecoder(CodecLimits.DEFAULT);
    private final MachineEnd publisher = new MachineEnd("publisher");
    private final MachineEnd subscriber = new MachineEnd("subscriber");
    private final ByteBuffer answers = ByteBuffer.allocateDirect(MESSAGES * PacketEncoder.ACKNOWLEDGEMENT_LENGTH);
    private final int[] publishedIds = new int[MESSAGES];
    private ByteBuffer publishes = ByteBuffer.allocate(0);

    /** Prepares the bytes. */
    @Setup(Level.Trial)
    public void prepare() {
        publisher.deliverTo(subscriber, qos);
        Message message = Message.of("sensors/building-1/temperature", "x".repeat(payloadBytes), qos);
        publishes = ByteBuffer.allocateDirect(MESSAGES * PacketEncoder.publishLength(message, qos));
        for (int i = 0; i < MESSAGES; i++) {
            publishedIds[i] = i + 1;
            PacketEncoder.writePublish(publishes, message, i + 1, qos, false, false);
        }
    }

    /** The whole exchange; returns the bytes that left. */
    @Benchmark
    @OperationsPerInvocation(MESSAGES)
    public int deliver() {
        publisher.clear();
        subscriber.clear();
        decode(publishes.flip(), publisher);
        if (qos == QoS.AT_LEAST_ONCE) {
            answer(subscriber, PacketType.PUBACK, subscriber.packetIds);
        } else if (qos == QoS.EXACTLY_ONCE) {
            answer(publisher, PacketType.PUBREL, publishedIds);
            answer(subscriber, PacketType.PUBREC, subscriber.packetIds);
            answer(subscriber, PacketType.PUBCOMP, subscriber.packetIds);
        }
        return publisher.output.position() + subscriber.output.position();
    }

    private void answer(MachineEnd end, PacketType type, int[] packetIds) {
        answers.clear();
        for (int i = 0; i < MESSAGES; i++) {
            PacketEncoder.writeAcknowledgement(answers, type, packetIds[i]);
        }
        decode(answers.flip(), end);
    }

    private void decode(ByteBuffer bytes, MachineEnd end) {
        int length = FrameDecoder.frameLength(bytes, MAX_PACKET_SIZE);
        while (length > 0) {
            decoder.decode(bytes, length, end.machine);
            length = FrameDecoder.frameLength(bytes, MAX_PACKET_SIZE);
        }
    }
}
