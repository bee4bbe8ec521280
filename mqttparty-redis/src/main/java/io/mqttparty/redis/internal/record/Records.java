package io.mqttparty.redis.internal.record;

import io.mqttparty.model.Message;
import io.mqttparty.model.Payload;
import io.mqttparty.model.Properties;
import io.mqttparty.model.QoS;
import io.mqttparty.model.TopicName;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;

/**
 * A message as bytes, the same in queues, in inboxes, as a retained message and as a will:
 *
 * <pre>
 * u8  version, 1
 * u8  flags: bits 0 and 1 the QoS, bit 2 retain, bit 3 a deadline follows
 * u64 deadline in milliseconds since 1970, if bit 3 is set
 * u16 length of the topic, then the topic in UTF-8
 *     the payload: what is left
 * </pre>
 *
 * The flags are the second byte of every version, since scripts change QoS and retain there.
 */
public final class Records {
    static final byte VERSION = 1;

    private static final int QOS = 3;
    private static final int RETAIN = 4;
    private static final int DEADLINE = 8;

    private Records() {}

    /** The message as it is. */
    public static byte[] encode(Message message) {
        return encode(message, message.qos());
    }

    /** The message with another QoS: that of a delivery. */
    public static byte[] encode(Message message, QoS qos) {
        ByteBuffer target = ByteBuffer.allocate(length(message));
        write(target, message, qos);
        return target.array();
    }

    static int length(Message message) {
        int deadline = message.deadlineMillis() == 0 ? 0 : Long.BYTES;
        return 4 + deadline + message.topic().utf8Length() + message.payload().size();
    }

    static void write(ByteBuffer target, Message message, QoS qos) {
        boolean hasDeadline = message.deadlineMillis() != 0;
        target.put(VERSION);
        target.put((byte) (qos.value() | (message.retain() ? RETAIN : 0) | (hasDeadline ? DEADLINE : 0)));
        if (hasDeadline) {
            target.putLong(message.deadlineMillis());
        }
        target.putShort((short) message.topic().utf8Length());
        message.topic().writeUtf8(target);
        message.payload().writeTo(target);
    }

    /**
     * The message of these bytes.
     *
     * @throws UnreadableRecordException if they are none
     */
    public static Message decode(byte[] bytes) {
        return read(ByteBuffer.wrap(bytes));
    }

    /** Reads to the end of the buffer. */
    static Message read(ByteBuffer source) {
        try {
            byte version = source.get();
            if (version != VERSION) {
                throw new UnreadableRecordException("record: version " + version + " (expected: " + VERSION + ")");
            }
            int flags = source.get();
            long deadline = (flags & DEADLINE) == 0 ? 0 : source.getLong();
            byte[] topic = new byte[Short.toUnsignedInt(source.getShort())];
            source.get(topic);
            return new Message(
                    TopicName.ofValidUtf8(topic),
                    Payload.copyOf(source),
                    QoS.of(flags & QOS),
                    (flags & RETAIN) != 0,
                    deadline,
                    Properties.EMPTY);
        } catch (BufferUnderflowException | IllegalArgumentException e) {
            throw new UnreadableRecordException("record: " + e + " (expected: a message of version " + VERSION + ")");
        }
    }
}
