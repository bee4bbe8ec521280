package io.mqttparty.redis.internal.session;

import io.mqttparty.redis.internal.record.UnreadableRecordException;
import io.mqttparty.spi.MessageId;
import io.mqttparty.spi.SessionStore.Qos2InState;
import java.nio.ByteBuffer;

/**
 * An open inbound QoS 2 exchange as bytes, which scripts write too:
 *
 * <pre>
 * u8  state: 1 begun, 2 enqueued, 3 done
 * u16 how many chunks of the targets are done
 * u16 in how many chunks they go; 0 while that is not known
 * u64 u64 message id
 * </pre>
 */
final class Qos2Entries {
    static final int BEGUN = 1;
    static final int ENQUEUED = 2;
    static final int DONE = 3;

    private static final int LENGTH = 21;

    private Qos2Entries() {}

    /** An exchange whose retained message is written and nothing else. */
    static byte[] begun(MessageId id) {
        return ByteBuffer.allocate(LENGTH)
                .put((byte) BEGUN)
                .putInt(0)
                .putLong(id.high())
                .putLong(id.low())
                .array();
    }

    static byte[] bytes(MessageId id) {
        return ByteBuffer.allocate(2 * Long.BYTES)
                .putLong(id.high())
                .putLong(id.low())
                .array();
    }

    static MessageId messageId(ByteBuffer source) {
        return new MessageId(source.getLong(), source.getLong());
    }

    /**
     * How far the exchange of these bytes is.
     *
     * @throws UnreadableRecordException if they are none
     */
    static Qos2InState state(byte[] bytes) {
        int state = bytes.length == 0 ? 0 : bytes[0];
        return switch (state) {
            case BEGUN -> Qos2InState.BEGUN;
            case ENQUEUED -> Qos2InState.ENQUEUED;
            case DONE -> Qos2InState.DONE;
            default -> throw new UnreadableRecordException("exchange: state " + state + " (expected: 1, 2 or 3)");
        };
    }
}
