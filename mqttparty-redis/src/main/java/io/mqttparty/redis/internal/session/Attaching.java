package io.mqttparty.redis.internal.session;

import io.mqttparty.model.ClientId;
import io.mqttparty.model.MqttPartyException;
import io.mqttparty.redis.internal.key.Keys;
import io.mqttparty.redis.internal.lane.Eval;
import io.mqttparty.redis.internal.lane.RedisContext;
import io.mqttparty.redis.internal.lane.Reply;
import io.mqttparty.redis.internal.lane.Script;
import io.mqttparty.redis.internal.record.Subscriptions;
import io.mqttparty.redis.internal.session.SessionNames.Names;
import io.mqttparty.spi.Fence;
import io.mqttparty.spi.NodeId;
import io.mqttparty.spi.Owner;
import io.mqttparty.spi.SessionRef;
import io.mqttparty.spi.SessionStore.AttachRequest;
import io.mqttparty.spi.SessionStore.Attached;
import io.mqttparty.spi.SessionStore.PendingWill;
import io.mqttparty.spi.SessionStore.Qos2InState;
import io.mqttparty.spi.Token;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Makes connections the owners of sessions: one script. */
final class Attaching {
    private static final System.Logger LOG = System.getLogger("io.mqttparty.redis");

    private static final Script ATTACH = Script.load(Attaching.class, "attach");

    /** Beyond this, which a client reaches only by flapping faster than wills are published, the oldest is dropped. */
    private static final int MAX_PENDING_WILLS = 1_000;

    /** Some 35,000 years: longer ones do not fit into the times of Redis. */
    private static final long MAX_EXPIRY_SECONDS = 1L << 40;

    private static final byte[] NOTHING = {};

    private final RedisContext context;
    private final SessionNames names;

    Attaching(RedisContext context, SessionNames names) {
        this.context = context;
        this.names = names;
    }

    CompletionStage<Attached> attach(AttachRequest request) {
        ClientId client = request.client();
        byte[] will = request.will()
                .map(each -> WillRecords.encode(request.username(), each))
                .orElse(NOTHING);
        return NamedCall.run(
                client,
                names,
                context.lanes().of(client),
                believed -> script(request, will, believed),
                answer -> attached(request, answer));
    }

    private Eval script(AttachRequest request, byte[] will, Names believed) {
        Keys keys = context.keys();
        ClientId client = request.client();
        NodeId node = request.node();
        String incarnation = believed.incarnation();
        String token = request.token().value();
        String owner = believed.node().isEmpty() ? node.value() : believed.node();
        int bucket = Keys.dueBucket(client);
        return Eval.of(ATTACH)
                .key(keys.session(client))
                .key(keys.queue(client, incarnation.isEmpty() ? token : incarnation))
                .key(keys.queue(client, token))
                .key(keys.released(client))
                .key(keys.inbound(client))
                .key(keys.routes())
                .key(keys.routeLog())
                .key(keys.lease(node))
                .key(keys.attached(node))
                .key(keys.inbox(node))
                .key(keys.attached(owner))
                .key(keys.inbox(owner))
                .key(keys.expiries(bucket))
                .key(keys.wills(bucket))
                .key(keys.clients(bucket))
                .arg(client.value())
                .arg(token)
                .arg(node.value())
                .arg(request.cleanSession() ? 1 : 0)
                .arg(Math.min(request.expirySeconds(), MAX_EXPIRY_SECONDS))
                .arg(will)
                .arg(request.window())
                .arg(incarnation)
                .arg(believed.node())
                .arg(MAX_PENDING_WILLS);
    }

    // ---- the answer ----

    private Attached attached(AttachRequest request, List<@Nullable Object> answer) {
        if (Status.is(answer, Status.FENCED)) {
            throw new MqttPartyException("node: " + request.node() + " (expected: a member of the cluster)");
        }
        ClientId client = request.client();
        String incarnation = Reply.text(answer.get(2));
        names.learn(client, incarnation, request.node().value());
        if (Reply.number(answer.get(13)) != 0) {
            LOG.log(
                    Level.ERROR,
                    "redis: the queue of " + client + " is lost, and what was in it; the session begins anew");
        }
        return new Attached(
                new Fence(client, request.token(), Reply.number(answer.get(1))),
                new SessionRef(client, new Token(incarnation)),
                Reply.number(answer.get(3)) != 0,
                Reply.number(answer.get(5)),
                Reply.number(answer.get(4)),
                QueueEntries.decode(answer.get(6)),
                Reply.list(answer.get(7)).stream().map(Reply::number).sorted().toList(),
                inbound(Reply.list(answer.get(8))),
                Subscriptions.decode(Reply.bytes(answer.get(10))),
                RetainedCursors.decode(Reply.bytes(answer.get(9))),
                pendingWills(client, Reply.list(answer.get(11))),
                previous(Reply.text(answer.get(12))));
    }

    private static Map<Integer, Qos2InState> inbound(List<@Nullable Object> fields) {
        Map<Integer, Qos2InState> states = new HashMap<>();
        for (int i = 0; i < fields.size(); i += 2) {
            byte[] value = Reply.bytes(fields.get(i + 1));
            states.put((int) Reply.number(fields.get(i)), Qos2Entries.state(value));
        }
        return states;
    }

    /** Oldest first. */
    private static List<PendingWill> pendingWills(ClientId client, List<@Nullable Object> fields) {
        List<PendingWill> wills = new ArrayList<>(fields.size() / 2);
        for (int i = 0; i < fields.size(); i += 2) {
            wills.add(WillRecords.decode(client, Reply.number(fields.get(i)), Reply.bytes(fields.get(i + 1))));
        }
        wills.sort(Comparator.comparingLong(PendingWill::epoch));
        return wills;
    }

    /** From {@code <epoch> <node>}. */
    private static Optional<Owner> previous(String text) {
        if (text.isEmpty()) {
            return Optional.empty();
        }
        int space = text.indexOf(' ');
        return Optional.of(new Owner(
                Optional.of(new NodeId(text.substring(space + 1))), Long.parseLong(text.substring(0, space))));
    }
}
