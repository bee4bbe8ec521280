package io.mqttparty.redis.internal.session;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.lettuce.core.protocol.CommandType;
import io.mqttparty.model.ClientId;
import io.mqttparty.model.Message;
import io.mqttparty.model.QoS;
import io.mqttparty.redis.internal.key.Keys;
import io.mqttparty.redis.internal.lane.Eval;
import io.mqttparty.redis.internal.lane.Lane;
import io.mqttparty.redis.internal.lane.RedisContext;
import io.mqttparty.redis.internal.lane.ReplyHandler;
import io.mqttparty.redis.internal.lane.Script;
import io.mqttparty.redis.internal.record.Records;
import io.mqttparty.spi.Leg;
import io.mqttparty.spi.SessionRef;
import io.mqttparty.spi.SessionStore.EnqueueCallback;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Appends messages to queues, two native commands for each leg: XADD checks that the queue is there, numbers, appends and bounds; HMGET then tells who is to be
 * woken. In this order, since attach first writes the owner and then reads the queue: one of both sees the other.
 */
final class Enqueuing {
    private static final Script GONE = Script.load(Enqueuing.class, "gone");

    private static final byte[] NOMKSTREAM = ascii("NOMKSTREAM");
    private static final byte[] MAXLEN = ascii("MAXLEN");
    private static final byte[] ABOUT = ascii("~");
    private static final byte[] NEXT = ascii("0-*");
    private static final byte[] RECORD = ascii("p");
    private static final byte[] OWNER = ascii("n");
    private static final byte[] EPOCH = ascii("e");
    private static final byte[] ACKNOWLEDGED = ascii("a");

    /** After so many legs of one message, those collected so far may leave. */
    private static final int FLUSH_EACH = 128;

    /** So many legs of one message are under way at most. */
    private static final int PAGE = 2_048;

    private final RedisContext context;
    private final QueueBytes bytes;
    private final byte[] limit;

    Enqueuing(RedisContext context, QueueBytes bytes) {
        this.context = context;
        this.bytes = bytes;
        this.limit = ascii(Integer.toString(context.limits().queueMessages()));
    }

    private static byte[] ascii(String text) {
        return text.getBytes(US_ASCII);
    }

    void enqueue(Message message, List<Leg> legs, EnqueueCallback callback) {
        byte[] @Nullable [] records = new byte[QoS.EXACTLY_ONCE.value() + 1][];
        if (legs.size() <= PAGE) {
            append(message, records, legs, 0, legs.size(), callback);
        } else {
            new PagedEnqueue(
                            legs.size(),
                            PAGE,
                            callback,
                            (from, to, page) -> append(message, records, legs, from, to, page))
                    .run();
        }
    }

    /** The records, one for each QoS, are made when they are needed. */
    private void append(
            Message message, byte[] @Nullable [] records, List<Leg> legs, int from, int to, EnqueueCallback callback) {
        for (int i = from; i < to; i++) {
            Leg leg = legs.get(i);
            Lane lane = context.lanes().gating(leg.session().client());
            QoS qos = message.qos().min(leg.grant()); // [MQTT-3.8.4-6]
            byte[] record = records[qos.value()];
            if (record == null) {
                record = Records.encode(message, qos);
                records[qos.value()] = record;
            }
            append(lane, leg.session(), record, new PendingLeg(this, callback, i, leg.session(), record.length));
            if ((i & FLUSH_EACH - 1) == FLUSH_EACH - 1) {
                context.lanes().flushGating();
            }
        }
        context.lanes().flushGating();
    }

    private void append(Lane lane, SessionRef session, byte[] record, ReplyHandler pending) {
        Keys keys = context.keys();
        lane.collect(
                CommandType.XADD, pending, keys.queue(session), NOMKSTREAM, MAXLEN, ABOUT, limit, NEXT, RECORD, record);
        lane.collect(CommandType.HMGET, pending, keys.session(session.client()), OWNER, EPOCH, ACKNOWLEDGED);
    }

    /** A leg is durable. */
    void onAppended(SessionRef session, long seq, int recordBytes) {
        bytes.appended(session, seq, recordBytes);
    }

    /** A queue was not there: asks why. */
    void onNoQueue(SessionRef session, ReplyHandler why) {
        ClientId client = session.client();
        Keys keys = context.keys();
        Eval.of(GONE)
                .key(keys.session(client))
                .key(keys.routes())
                .key(keys.routeLog())
                .arg(client.value())
                .arg(session.incarnation().value())
                .send(context.lanes().gating(client), why);
    }
}
