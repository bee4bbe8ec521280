package io.mqttparty.redis.internal.session;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.mqttparty.model.Message;
import io.mqttparty.redis.internal.lane.Eval;
import io.mqttparty.redis.internal.lane.RedisContext;
import io.mqttparty.redis.internal.record.BusRecords;
import io.mqttparty.redis.internal.record.Records;
import io.mqttparty.spi.BusRecord;
import io.mqttparty.spi.Leg;
import io.mqttparty.spi.NodeId;
import io.mqttparty.spi.SharedTarget;
import io.mqttparty.spi.Targets;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * A message for everywhere that {@link Targets} name, in chunks that one call of a script takes. Which chunk a target is in depends on the
 * target and the number of chunks alone: whoever goes on where another call ended finds no target in two chunks. Immutable; the Lua side is
 * {@code fanout.lua}.
 */
final class Fanout {
    /** About how many targets a call takes: a few milliseconds of the server. */
    private static final int CHUNK = 1_000;

    private static final byte[] COMMON = {};

    private final RedisContext context;
    private final Message message;
    private final Targets targets;
    private final byte[] record;

    Fanout(RedisContext context, Message message, Targets targets) {
        this.context = context;
        this.message = message;
        this.targets = targets;
        this.record = Records.encode(message);
    }

    Targets targets() {
        return targets;
    }

    /** In how many chunks it goes unless somebody has begun otherwise. */
    int chunks() {
        int all = targets.legs().size()
                + targets.nodes().size()
                + targets.shared().size();
        return Math.max(1, (all + CHUNK - 1) / CHUNK);
    }

    /** The targets of one chunk. */
    Chunk chunk(int index, int chunks) {
        List<Integer> legs = new ArrayList<>();
        for (int i = 0; i < targets.legs().size(); i++) {
            if (isIn(index, chunks, targets.legs().get(i).session().client().value())) {
                legs.add(i);
            }
        }
        List<NodeId> nodes = targets.nodes().stream()
                .filter(node -> isIn(index, chunks, node.value()))
                .toList();
        List<SharedTarget> shared = targets.shared().stream()
                .filter(target -> isIn(index, chunks, target.node().value()))
                .toList();
        return new Chunk(legs, nodes, shared);
    }

    /** By a hash that is the same on every node and in every version. */
    static boolean isIn(int index, int chunks, String name) {
        int hash = name.hashCode() * 0x9E37_79B9;
        return chunks == 1 || Math.floorMod(hash ^ hash >>> 16, chunks) == index;
    }

    /** Some of the targets; the legs by their places. */
    final class Chunk {
        private final List<Integer> legs;
        private final List<NodeId> nodes;
        private final List<SharedTarget> shared;

        private Chunk(List<Integer> legs, List<NodeId> nodes, List<SharedTarget> shared) {
            this.legs = legs;
            this.nodes = nodes;
            this.shared = shared;
        }

        void keys(Eval call) {
            nodes.forEach(node -> call.key(context.keys().inbox(node)));
            shared.forEach(target -> call.key(context.keys().inbox(target.node())));
            for (int leg : legs) {
                call.key(context.keys().queue(leg(leg).session()))
                        .key(context.keys().session(leg(leg).session().client()));
            }
        }

        void arguments(Eval call) {
            call.arg(context.limits().queueMessages())
                    .arg(record)
                    .arg(nodes.isEmpty() ? COMMON : BusRecords.pack(new BusRecord.Transmit(message)))
                    .arg(nodes.size() + shared.size())
                    .arg(grants());
            nodes.forEach(node -> call.arg(node.value()).arg(COMMON));
            shared.forEach(target -> call.arg(target.node().value())
                    .arg(BusRecords.pack(new BusRecord.TransmitShared(message, target.filter(), 0))));
        }

        private byte[] grants() {
            StringBuilder grants = new StringBuilder(legs.size());
            for (int leg : legs) {
                grants.append((char) ('0' + leg(leg).grant().value()));
            }
            return grants.toString().getBytes(US_ASCII);
        }

        /** Takes what became of these targets, from where the answer tells it to its end. */
        void taken(ByteBuffer answer, Reached into) {
            answer.position(answer.position() + nodes.size());
            for (SharedTarget target : shared) {
                if (answer.get() == '0') {
                    into.missed(target);
                }
            }
            for (int leg : legs) {
                into.stored(leg, text(answer), text(answer), text(answer), text(answer), record.length);
            }
        }

        private String text(ByteBuffer answer) {
            int length = 0;
            while (answer.get(answer.position() + length) != 0) {
                length++;
            }
            byte[] text = new byte[length];
            answer.get(text).get(); // and what ends it
            return new String(text, UTF_8);
        }
    }

    private Leg leg(int place) {
        return targets.legs().get(place);
    }
}
