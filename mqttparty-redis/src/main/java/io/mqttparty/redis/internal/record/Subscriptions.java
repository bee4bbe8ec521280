package io.mqttparty.redis.internal.record;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.mqttparty.model.QoS;
import io.mqttparty.model.Subscription;
import io.mqttparty.model.TopicFilter;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Subscriptions as bytes, one after the other: u16 length of the filter, the filter in UTF-8, u8 QoS. Scripts merge them, so their form has no
 * version of its own: what holds them has one.
 */
public final class Subscriptions {
    private Subscriptions() {}

    /** These, in their order. */
    public static byte[] encode(List<Subscription> subscriptions) {
        List<byte[]> filters = new ArrayList<>(subscriptions.size());
        int length = 0;
        for (Subscription each : subscriptions) {
            byte[] filter = each.filter().toString().getBytes(UTF_8);
            filters.add(filter);
            length += 3 + filter.length;
        }
        ByteBuffer target = ByteBuffer.allocate(length);
        for (int i = 0; i < filters.size(); i++) {
            target.putShort((short) filters.get(i).length);
            target.put(filters.get(i));
            target.put((byte) subscriptions.get(i).qos().value());
        }
        return target.array();
    }

    /**
     * Those of these bytes.
     *
     * @throws UnreadableRecordException if they are none
     */
    public static List<Subscription> decode(byte[] bytes) {
        return read(ByteBuffer.wrap(bytes));
    }

    /** Reads to the end of the buffer. */
    static List<Subscription> read(ByteBuffer source) {
        try {
            List<Subscription> subscriptions = new ArrayList<>();
            while (source.hasRemaining()) {
                byte[] filter = new byte[Short.toUnsignedInt(source.getShort())];
                source.get(filter);
                subscriptions.add(new Subscription(TopicFilter.of(new String(filter, UTF_8)), QoS.of(source.get())));
            }
            return subscriptions;
        } catch (BufferUnderflowException | IllegalArgumentException e) {
            throw new UnreadableRecordException("subscriptions: " + e + " (expected: filters and their QoS)");
        }
    }
}
