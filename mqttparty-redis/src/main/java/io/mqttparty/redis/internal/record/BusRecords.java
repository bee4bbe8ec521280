package io.mqttparty.redis.internal.record;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.mqttparty.model.ClientId;
import io.mqttparty.model.Message;
import io.mqttparty.model.TopicFilter;
import io.mqttparty.model.TopicName;
import io.mqttparty.spi.BusRecord;
import io.mqttparty.spi.Correlation;
import io.mqttparty.spi.NodeId;
import io.mqttparty.spi.SessionRef;
import io.mqttparty.spi.Token;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Records of the bus as bytes: u8 version, 1; u8 kind; then the fields in the order of their declaration. Text is u16 length and UTF-8; a
 * message is always last and goes to the end. An entry of an inbox holds several records, each behind its length in an u32.
 */
public final class BusRecords {
    static final byte VERSION = 1;

    static final int PUSH = 1;
    static final int TRANSMIT = 2;
    static final int KICK = 3;
    static final int KICKED = 4;
    static final int TRANSMIT_SHARED = 5;
    static final int FORWARD = 6;
    static final int NOT_OWNER = 7;
    static final int DOWNLINK = 8;
    static final int WATCH = 9;
    static final int DISCONNECT = 10;
    static final int EXPECT = 11;
    static final int FORGET = 12;
    static final int REPLY = 13;
    static final int ANSWER = 14;

    private static final int FIELDS = 128;

    private BusRecords() {}

    // ---- entries of an inbox ----

    /** Records as the content of one entry. */
    public static byte[] pack(List<byte[]> records) {
        int length = 0;
        for (byte[] each : records) {
            length += Integer.BYTES + each.length;
        }
        ByteBuffer target = ByteBuffer.allocate(length);
        records.forEach(each -> target.putInt(each.length).put(each));
        return target.array();
    }

    /** One record as the content of an entry: what scripts append. */
    public static byte[] pack(BusRecord record) {
        return pack(List.of(encode(record)));
    }

    /**
     * The records of an entry, not decoded yet, so that one that cannot be read costs no other.
     *
     * @throws UnreadableRecordException if these bytes are no entry
     */
    public static List<byte[]> unpack(byte[] entry) {
        List<byte[]> records = new ArrayList<>();
        ByteBuffer source = ByteBuffer.wrap(entry);
        while (source.hasRemaining()) {
            int length = source.remaining() < Integer.BYTES ? -1 : source.getInt();
            if (length < 0 || length > source.remaining()) {
                throw new UnreadableRecordException("entry: cut (expected: whole records)");
            }
            byte[] record = new byte[length];
            source.get(record);
            records.add(record);
        }
        return records;
    }

    // ---- writing ----

    /** The record as it is. */
    public static byte[] encode(BusRecord record) {
        if (record instanceof BusRecord.Push push) {
            RecordWriter writer = begin(PUSH, push.message()).u64(push.seq());
            session(writer, push.session());
            push.message().ifPresent(writer::message);
            return writer.toBytes();
        }
        if (record instanceof BusRecord.Transmit transmit) {
            return begin(TRANSMIT, transmit.message())
                    .message(transmit.message())
                    .toBytes();
        }
        if (record instanceof BusRecord.TransmitShared shared) {
            return begin(TRANSMIT_SHARED, shared.message())
                    .text(shared.filter().value())
                    .u32(shared.passedOn())
                    .message(shared.message())
                    .toBytes();
        }
        if (record instanceof BusRecord.Kick kick) {
            return begin(KICK)
                    .text(kick.client().value())
                    .u64(kick.epoch())
                    .text(kick.replyTo().value())
                    .toBytes();
        }
        if (record instanceof BusRecord.Kicked kicked) {
            return begin(KICKED)
                    .text(kicked.client().value())
                    .u64(kicked.epoch())
                    .toBytes();
        }
        if (record instanceof BusRecord.Forward forward) {
            RecordWriter writer = begin(FORWARD, forward.message());
            return session(writer, forward.session()).message(forward.message()).toBytes();
        }
        if (record instanceof BusRecord.NotOwner notOwner) {
            return begin(NOT_OWNER).text(notOwner.client().value()).toBytes();
        }
        return encodeCall(record);
    }

    private static byte[] encodeCall(BusRecord record) {
        if (record instanceof BusRecord.Downlink downlink) {
            RecordWriter writer = begin(DOWNLINK, downlink.correlation(), downlink.message());
            return session(writer, downlink.session())
                    .u8(downlink.awaitAcknowledgement() ? 1 : 0)
                    .u64(downlink.timeoutMillis())
                    .message(downlink.message())
                    .toBytes();
        }
        if (record instanceof BusRecord.Watch watch) {
            return session(begin(WATCH, watch.correlation()), watch.session())
                    .u64(watch.seq())
                    .u64(watch.timeoutMillis())
                    .toBytes();
        }
        if (record instanceof BusRecord.Disconnect disconnect) {
            return begin(DISCONNECT, disconnect.correlation())
                    .text(disconnect.client().value())
                    .u64(disconnect.epoch())
                    .toBytes();
        }
        if (record instanceof BusRecord.Expect expect) {
            return begin(EXPECT, expect.correlation())
                    .text(expect.client().value())
                    .text(expect.topic().value())
                    .u64(expect.timeoutMillis())
                    .toBytes();
        }
        if (record instanceof BusRecord.Forget forget) {
            return begin(FORGET, forget.correlation()).toBytes();
        }
        if (record instanceof BusRecord.Reply reply) {
            return begin(REPLY, reply.correlation(), reply.message())
                    .message(reply.message())
                    .toBytes();
        }
        if (record instanceof BusRecord.Answer answer) {
            return begin(ANSWER, answer.correlation())
                    .u8(code(answer.outcome()))
                    .toBytes();
        }
        throw new IllegalArgumentException("record: " + record.getClass() + " (expected: a kind that has a form)");
    }

    private static RecordWriter begin(int kind) {
        return new RecordWriter(FIELDS).u8(VERSION).u8(kind);
    }

    private static RecordWriter begin(int kind, Optional<Message> message) {
        return new RecordWriter(FIELDS + message.map(Records::length).orElse(0))
                .u8(VERSION)
                .u8(kind);
    }

    private static RecordWriter begin(int kind, Message message) {
        return new RecordWriter(FIELDS + Records.length(message)).u8(VERSION).u8(kind);
    }

    private static RecordWriter begin(int kind, Correlation correlation) {
        return begin(kind).u64(correlation.number()).u64(correlation.random());
    }

    private static RecordWriter begin(int kind, Correlation correlation, Message message) {
        return begin(kind, message).u64(correlation.number()).u64(correlation.random());
    }

    private static RecordWriter session(RecordWriter writer, SessionRef session) {
        return writer.text(session.client().value()).text(session.incarnation().value());
    }

    private static int code(BusRecord.Outcome outcome) {
        return switch (outcome) {
            case DONE -> 1;
            case DROPPED -> 2;
            case ENDED -> 3;
            case NOT_OWNER -> 4;
            case BUSY -> 5;
        };
    }

    // ---- reading ----

    /**
     * The record of these bytes.
     *
     * @throws UnreadableRecordException if they are none of this version
     */
    public static BusRecord decode(byte[] bytes) {
        ByteBuffer source = ByteBuffer.wrap(bytes);
        try {
            byte version = source.get();
            if (version != VERSION) {
                throw new UnreadableRecordException("bus: version " + version + " (expected: " + VERSION + ")");
            }
            return read(Byte.toUnsignedInt(source.get()), source);
        } catch (BufferUnderflowException | IllegalArgumentException e) {
            throw new UnreadableRecordException("bus: " + e + " (expected: a record of version " + VERSION + ")");
        }
    }

    private static BusRecord read(int kind, ByteBuffer source) {
        return switch (kind) {
            case PUSH -> push(source);
            case TRANSMIT -> new BusRecord.Transmit(Records.read(source));
            case TRANSMIT_SHARED -> shared(source);
            case KICK -> new BusRecord.Kick(client(source), source.getLong(), new NodeId(text(source)));
            case KICKED -> new BusRecord.Kicked(client(source), source.getLong());
            case FORWARD -> new BusRecord.Forward(session(source), Records.read(source));
            case NOT_OWNER -> new BusRecord.NotOwner(client(source));
            case DOWNLINK -> downlink(source);
            case WATCH -> new BusRecord.Watch(correlation(source), session(source), source.getLong(), source.getLong());
            case DISCONNECT -> new BusRecord.Disconnect(correlation(source), client(source), source.getLong());
            case EXPECT ->
                new BusRecord.Expect(correlation(source), client(source), TopicName.of(text(source)), source.getLong());
            case FORGET -> new BusRecord.Forget(correlation(source));
            case REPLY -> new BusRecord.Reply(correlation(source), Records.read(source));
            case ANSWER -> new BusRecord.Answer(correlation(source), outcome(source.get()));
            default ->
                throw new UnreadableRecordException(
                        "bus: kind " + kind + " (expected: one of version " + VERSION + ")");
        };
    }

    private static BusRecord push(ByteBuffer source) {
        long seq = source.getLong();
        SessionRef session = session(source);
        Optional<Message> message = source.hasRemaining() ? Optional.of(Records.read(source)) : Optional.empty();
        return new BusRecord.Push(session, seq, message);
    }

    private static BusRecord shared(ByteBuffer source) {
        TopicFilter filter = TopicFilter.of(text(source));
        int passedOn = source.getInt();
        return new BusRecord.TransmitShared(Records.read(source), filter, passedOn);
    }

    private static BusRecord downlink(ByteBuffer source) {
        Correlation correlation = correlation(source);
        SessionRef session = session(source);
        boolean awaitAcknowledgement = source.get() != 0;
        long timeoutMillis = source.getLong();
        return new BusRecord.Downlink(correlation, session, Records.read(source), awaitAcknowledgement, timeoutMillis);
    }

    private static Correlation correlation(ByteBuffer source) {
        return new Correlation(source.getLong(), source.getLong());
    }

    private static SessionRef session(ByteBuffer source) {
        return new SessionRef(client(source), new Token(text(source)));
    }

    private static ClientId client(ByteBuffer source) {
        return ClientId.of(text(source));
    }

    static String text(ByteBuffer source) {
        byte[] utf8 = new byte[Short.toUnsignedInt(source.getShort())];
        source.get(utf8);
        return new String(utf8, UTF_8);
    }

    private static BusRecord.Outcome outcome(int code) {
        for (BusRecord.Outcome each : BusRecord.Outcome.values()) {
            if (code(each) == code) {
                return each;
            }
        }
        throw new UnreadableRecordException("bus: outcome " + code + " (expected: one of version " + VERSION + ")");
    }
}
