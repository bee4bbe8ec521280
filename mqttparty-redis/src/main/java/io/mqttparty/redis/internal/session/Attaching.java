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
import io.mqttparty.spi.SessionStore;
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

    /** Some 35,000 years: longer ones do not fit into the times of Redis. */
    private static final long MAX_EXPIRY_SECONDS = 1L << 40;

    private static final byte[] NOTHING = {};
    private static final String YES = "1";

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
        String token = request.token().value();
        int bucket = Keys.dueBucket(client);
        Eval script = Eval.of(ATTACH)
                .key(keys.session(client))
                .key(keys.queue(client, token))
                .key(keys.lease(node))
                .key(keys.attached(node))
                .key(keys.wills(bucket))
                .key(keys.clients(client));
        if (!believed.isUnknown()) {
            script.key(keys.queue(client, believed.incarnation()))
                    .key(keys.released(client))
                    .key(keys.inbound(client))
                    .key(keys.routes())
                    .key(keys.routeLog())
                    .key(keys.expiries(bucket));
            if (!believed.node().isEmpty()) {
                script.key(keys.attached(believed.node())).key(keys.inbox(believed.node()));
            }
        }
        script.arg(client.value())
                .arg(token)
                .arg(node.value())
                .arg(request.cleanSession() ? 1 : 0)
                .arg(Math.min(request.expirySeconds(), MAX_EXPIRY_SECONDS))
                .arg(request.window())
                .arg(will);
        return believed.isUnknown()
                ? script
                : script.arg(believed.incarnation()).arg(believed.node());
    }

    // ---- the answer ----

    private Attached attached(AttachRequest request, List<@Nullable Object> answer) {
        return switch (Status.of(answer)) {
            case Status.NEW -> fresh(request, Reply.number(answer.get(1)));
            case Status.OK -> found(request, answer);
            default -> throw new MqttPartyException("node: " + request.node() + " (expected: a member of the cluster)");
        };
    }

    /** There was nothing of this client. */
    private Attached fresh(AttachRequest request, long epoch) {
        ClientId client = request.client();
        names.learn(client, request.token().value(), request.node().value());
        return new Attached(
                new Fence(client, request.token(), epoch),
                new SessionRef(client, request.token()),
                false,
                SessionStore.FIRST_SEQ - 1,
                SessionStore.FIRST_SEQ - 1,
                List.of(),
                List.of(),
                Map.of(),
                List.of(),
                List.of(),
                List.of(),
                Optional.empty());
    }

    private Attached found(AttachRequest request, List<@Nullable Object> answer) {
        ClientId client = request.client();
        String[] head = Reply.text(answer.get(1)).split(" ", -1);
        String incarnation = Reply.text(answer.get(2));
        names.learn(client, incarnation, request.node().value());
        if (head[4].equals(YES)) {
            LOG.log(
                    Level.ERROR,
                    "redis: the queue of " + client + " is lost, and what was in it; the session begins anew");
        }
        return new Attached(
                new Fence(client, request.token(), Long.parseLong(head[0])),
                new SessionRef(client, new Token(incarnation)),
                head[1].equals(YES),
                Long.parseLong(head[3]),
                Long.parseLong(head[2]),
                QueueEntries.decodeFlat(list(answer.get(3))),
                list(answer.get(4)).stream().map(Reply::number).sorted().toList(),
                inbound(list(answer.get(5))),
                Subscriptions.decode(bytes(answer.get(7))),
                RetainedCursors.decode(bytes(answer.get(6))),
                pendingWills(client, list(answer.get(8))),
                previous(Reply.textOrNull(answer.get(9))));
    }

    private static List<@Nullable Object> list(@Nullable Object reply) {
        return reply == null ? List.of() : Reply.list(reply);
    }

    private static byte[] bytes(@Nullable Object reply) {
        return reply == null ? NOTHING : Reply.bytes(reply);
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
    private static Optional<Owner> previous(@Nullable String text) {
        if (text == null) {
            return Optional.empty();
        }
        int space = text.indexOf(' ');
        return Optional.of(new Owner(
                Optional.of(new NodeId(text.substring(space + 1))), Long.parseLong(text.substring(0, space))));
    }
}
