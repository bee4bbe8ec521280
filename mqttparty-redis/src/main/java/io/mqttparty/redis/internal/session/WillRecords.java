package io.mqttparty.redis.internal.session;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.mqttparty.model.ClientId;
import io.mqttparty.model.Will;
import io.mqttparty.redis.internal.record.Records;
import io.mqttparty.redis.internal.record.UnreadableRecordException;
import io.mqttparty.spi.SessionStore.PendingWill;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * A will as bytes:
 *
 * <pre>
 * u8  version, 1
 * u8  state: 0 pending, 1 its retained message is written; scripts change this and the next two
 * u16 how many chunks of its targets are done
 * u16 in how many chunks they go; 0 while that is not known
 * u32 length of the user name + 1; 0 if there is none
 *     the user name in UTF-8
 *     the message as a record: what is left
 * </pre>
 */
final class WillRecords {
    private static final byte VERSION = 1;
    private static final byte PENDING = 0;
    private static final int HEAD = 10;
    private static final String PENDING_FIELD = "w:";

    private WillRecords() {}

    /** The field of the session with the pending will of a connection. */
    static String field(long epoch) {
        return PENDING_FIELD + epoch;
    }

    static byte[] encode(Optional<String> username, Will will) {
        byte[] record = Records.encode(will.message());
        byte[] name = username.orElse("").getBytes(UTF_8);
        int nameField = username.isPresent() ? name.length + 1 : 0;
        return ByteBuffer.allocate(HEAD + name.length + record.length)
                .put(VERSION)
                .put(PENDING)
                .putInt(0)
                .putInt(nameField)
                .put(name)
                .put(record)
                .array();
    }

    /**
     * The will of these bytes.
     *
     * @throws UnreadableRecordException if they are none
     */
    static PendingWill decode(ClientId client, long epoch, byte[] bytes) {
        try {
            ByteBuffer source = ByteBuffer.wrap(bytes);
            byte version = source.get();
            if (version != VERSION) {
                throw new UnreadableRecordException("will: version " + version + " (expected: " + VERSION + ")");
            }
            source.get();
            source.getInt();
            int nameField = source.getInt();
            if (nameField < 0 || nameField > source.remaining() + 1) {
                throw new BufferUnderflowException();
            }
            byte[] name = new byte[Math.max(0, nameField - 1)];
            source.get(name);
            byte[] record = new byte[source.remaining()];
            source.get(record);
            Optional<String> username = nameField == 0 ? Optional.empty() : Optional.of(new String(name, UTF_8));
            return new PendingWill(client, epoch, username, new Will(Records.decode(record)));
        } catch (BufferUnderflowException e) {
            throw new UnreadableRecordException("will: " + e + " (expected: a will of version " + VERSION + ")");
        }
    }
}
