package io.mqttparty.redis.internal.outbox;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.mqttparty.model.ClientId;
import io.mqttparty.redis.internal.record.Records;
import io.mqttparty.redis.internal.record.UnreadableRecordException;
import io.mqttparty.spi.MessageId;
import io.mqttparty.spi.Outbox.Entry;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;

/**
 * An entry as two strings of bytes. Its key, by which it is known while it waits: 16 bytes message id, then the route in UTF-8. And its record:
 *
 * <pre>
 * u8  version, 1
 * u64 when it was received, in milliseconds since 1970
 *     the client id
 * u32 how many attributes, then name and value of each
 *     the message: what is left
 * </pre>
 *
 * A text is u32 length, then UTF-8.
 */
final class EntryRecords {
    /** Version and time of reception: enough for {@link #receivedMillis}. */
    static final int HEAD = 1 + Long.BYTES;

    private static final byte VERSION = 1;

    private EntryRecords() {}

    static byte[] key(Entry entry) {
        byte[] route = entry.route().getBytes(UTF_8);
        return ByteBuffer.allocate(2 * Long.BYTES + route.length)
                .putLong(entry.id().high())
                .putLong(entry.id().low())
                .put(route)
                .array();
    }

    static byte[] record(Entry entry) {
        byte[] message = Records.encode(entry.message());
        byte[][] texts = new byte[1 + 2 * entry.attributes().size()][];
        int count = 0;
        texts[count++] = entry.client().value().getBytes(UTF_8);
        for (Map.Entry<String, String> each : entry.attributes().entrySet()) {
            texts[count++] = each.getKey().getBytes(UTF_8);
            texts[count++] = each.getValue().getBytes(UTF_8);
        }
        int length = HEAD + Integer.BYTES + message.length;
        for (byte[] text : texts) {
            length += Integer.BYTES + text.length;
        }
        ByteBuffer target = ByteBuffer.allocate(length).put(VERSION).putLong(entry.receivedMillis());
        write(target, texts[0]);
        target.putInt(entry.attributes().size());
        for (int i = 1; i < count; i++) {
            write(target, texts[i]);
        }
        return target.put(message).array();
    }

    private static void write(ByteBuffer target, byte[] text) {
        target.putInt(text.length).put(text);
    }

    /**
     * The entry of these bytes.
     *
     * @throws UnreadableRecordException if they are none
     */
    static Entry decode(byte[] key, byte[] record) {
        try {
            ByteBuffer keySource = ByteBuffer.wrap(key);
            MessageId id = new MessageId(keySource.getLong(), keySource.getLong());
            String route = UTF_8.decode(keySource).toString();
            ByteBuffer source = ByteBuffer.wrap(record);
            long received = readHead(source);
            ClientId client = ClientId.of(read(source));
            Map<String, String> attributes = new HashMap<>();
            for (int left = source.getInt(); left > 0; left--) {
                attributes.put(read(source), read(source));
            }
            byte[] message = new byte[source.remaining()];
            source.get(message);
            return new Entry(id, client, route, Records.decode(message), attributes, received);
        } catch (BufferUnderflowException | IllegalArgumentException e) {
            throw new UnreadableRecordException("outbox: " + e + " (expected: an entry of version " + VERSION + ")");
        }
    }

    /** When the entry was received whose record begins like this; 0 if it cannot be read. */
    static long receivedMillis(byte[] head) {
        return head.length == HEAD && head[0] == VERSION ? ByteBuffer.wrap(head).getLong(1) : 0;
    }

    private static long readHead(ByteBuffer source) {
        byte version = source.get();
        if (version != VERSION) {
            throw new UnreadableRecordException("outbox: version " + version + " (expected: " + VERSION + ")");
        }
        return source.getLong();
    }

    private static String read(ByteBuffer source) {
        int length = source.getInt();
        if (length < 0 || length > source.remaining()) {
            throw new BufferUnderflowException();
        }
        byte[] text = new byte[length];
        source.get(text);
        return new String(text, UTF_8);
    }
}
