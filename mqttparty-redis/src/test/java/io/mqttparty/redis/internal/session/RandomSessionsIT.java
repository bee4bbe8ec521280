package io.mqttparty.redis.internal.session;

import static io.mqttparty.redis.internal.session.Scene.A;
import static io.mqttparty.redis.internal.session.Scene.B;
import static io.mqttparty.redis.internal.session.Scene.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.mqttparty.internal.memory.MemoryBackend;
import io.mqttparty.model.ClientId;
import io.mqttparty.model.Message;
import io.mqttparty.model.QoS;
import io.mqttparty.model.Subscription;
import io.mqttparty.model.TopicFilter;
import io.mqttparty.model.Will;
import io.mqttparty.redis.TestRedis;
import io.mqttparty.spi.Fence;
import io.mqttparty.spi.Leg;
import io.mqttparty.spi.NodeId;
import io.mqttparty.spi.Owner;
import io.mqttparty.spi.Presence;
import io.mqttparty.spi.SessionRef;
import io.mqttparty.spi.SessionStore;
import io.mqttparty.spi.SessionStore.AttachRequest;
import io.mqttparty.spi.SessionStore.Attached;
import io.mqttparty.spi.SessionStore.Detach;
import io.mqttparty.spi.SessionStore.EnqueueCallback;
import io.mqttparty.spi.SessionStore.Position;
import io.mqttparty.spi.SessionStore.Qos2Out;
import io.mqttparty.spi.SessionStore.SubscriptionChange;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random calls on the store in memory and on the one in Redis, which have to answer the same. Only epochs differ, which are compared by order. */
final class RandomSessionsIT {
    private static final List<String> CLIENTS = List.of("c", "{c}", "ä");
    private static final List<String> FILTERS = List.of("x", "y/#", "+/z", "$share/g/x");
    private static final int STEPS = 400;

    private Scene scene;
    private final MemoryBackend memory = new MemoryBackend();
    /** For each epoch in memory that in Redis; two clients may have the same one. */
    private final Map<ClientId, Map<Long, Long>> epochs = new HashMap<>();

    /** All attaches so far, as each of the stores answered. */
    private final List<Pair> attached = new ArrayList<>();

    private int step;

    @BeforeEach
    void join() {
        for (NodeId node : List.of(A, B)) {
            await(memory.cluster().bus().join(node, new Deaf()));
        }
    }

    @AfterEach
    void close() {
        scene.close();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void anyCalls_bothStores_answerTheSame(long seed) {
        scene = new Scene();
        compare(seed);
    }

    @ParameterizedTest
    @ValueSource(longs = {9, 10, 11, 12})
    void anyCalls_inTheOlderProtocol_bothStoresAnswerTheSame(long seed) {
        scene = new Scene(TestRedis.openResp2());
        compare(seed);
    }

    private void compare(long seed) {
        Random random = new Random(seed);
        for (step = 0; step < STEPS; step++) {
            step(random);
        }
        assertThat(presence(scene(true))).isEqualTo(presence(scene(false)));
    }

    private void step(Random random) {
        int kind = random.nextInt(20);
        if (kind < 4 || attached.isEmpty()) {
            attach(newRequest(random));
            return;
        }
        Pair pair = attached.get(Math.max(0, attached.size() - 1 - random.nextInt(5)));
        switch (kind) {
            case 4 -> attach(attached.get(attached.size() - 1).request);
            case 5, 6, 7 -> {
                Detach how = random.nextBoolean() ? Detach.CLEAN : Detach.LOST;
                long sent = pair.redis.lastSeq() - random.nextInt(2);
                both("detach", (store, fence) -> await(store.detach(fence, how, sent)), pair);
            }
            case 8, 9 -> subscribe(random, pair);
            case 10, 11, 12 -> {
                Message message = Message.of("t", "m" + step, QoS.of(1 + random.nextInt(2)));
                QoS grant = QoS.of(1 + random.nextInt(2));
                both("enqueue", (store, fence) -> enqueue(store, pair.redis.session(), message, grant), pair);
            }
            case 13 -> {
                long[] seqs = {seq(random), seq(random)};
                for (SessionStore store : List.of(memory.sessions(), scene.store)) {
                    store.acknowledge(pair.redis.session(), seqs);
                }
            }
            case 14 -> {
                long seq = seq(random);
                both("release", (store, fence) -> await(store.qos2Out(fence, seq, Qos2Out.RELEASED)), pair);
            }
            case 15 -> {
                long seq = seq(random);
                both("complete", (store, fence) -> await(store.qos2Out(fence, seq, Qos2Out.COMPLETED)), pair);
            }
            case 16 -> {
                long sent = pair.redis.lastSeq();
                both("watermark", (store, fence) -> await(store.watermark(fence, sent, sent)), pair);
            }
            case 17 -> {
                if (pair.request.expirySeconds() > 0 && random.nextInt(4) == 0) {
                    long sent = Scene.EMPTY + random.nextInt(30);
                    both("renumber", (store, fence) -> await(store.renumber(fence, sent)), pair);
                }
            }
            case 18 -> both("positions", (store, fence) -> positions(store), pair);
            default -> {
                long after = random.nextBoolean() ? 0 : seq(random);
                int max = 1 + random.nextInt(10);
                both("read", (store, fence) -> await(store.read(pair.redis.session(), after, max)), pair);
            }
        }
    }

    private static long seq(Random random) {
        return Scene.FIRST + random.nextInt(20);
    }

    private AttachRequest newRequest(Random random) {
        Optional<Will> will =
                random.nextInt(3) == 0 ? Optional.of(new Will(Scene.message("w" + step))) : Optional.empty();
        boolean clean = random.nextInt(5) == 0;
        long expiry = clean || random.nextInt(8) == 0 ? 0 : Scene.EXPIRY;
        return scene.request(
                random.nextBoolean() ? A : B, CLIENTS.get(random.nextInt(CLIENTS.size())), clean, expiry, will);
    }

    private void attach(AttachRequest request) {
        Attached inMemory = await(memory.sessions().attach(request));
        Attached inRedis = scene.attach(request); // by either store, so that names are often wrong
        String message = "seed step " + step + " attach";
        ClientId client = request.client();
        epochs.computeIfAbsent(client, c -> new HashMap<>())
                .put(inMemory.fence().epoch(), inRedis.fence().epoch());
        assertThat(inRedis.session()).as(message).isEqualTo(inMemory.session());
        assertThat(inRedis.present()).as(message).isEqualTo(inMemory.present());
        assertThat(inRedis.lastSeq()).as(message).isEqualTo(inMemory.lastSeq());
        if (attached.stream().noneMatch(pair -> pair.request.equals(request))) {
            assertThat(inRedis.dupUpTo()).as(message).isEqualTo(inMemory.dupUpTo());
        } else { // what the connection has said meanwhile counts too, but nobody repeats an attach that was answered
            assertThat(inRedis.dupUpTo()).as(message).isBetween(inMemory.dupUpTo(), inMemory.lastSeq());
        }
        assertThat(inRedis.records()).as(message).isEqualTo(inMemory.records());
        assertThat(inRedis.released()).as(message).isEqualTo(inMemory.released());
        assertThat(inRedis.inbound()).as(message).isEqualTo(inMemory.inbound());
        assertThat(inRedis.subscriptions()).as(message).isEqualTo(inMemory.subscriptions());
        assertThat(inRedis.retained()).as(message).isEqualTo(inMemory.retained());
        assertThat(inRedis.previous()).as(message).isEqualTo(inMemory.previous().map(owner -> inRedis(client, owner)));
        assertThat(inRedis.pendingWills())
                .as(message)
                .isEqualTo(inMemory.pendingWills().stream()
                        .map(will -> new SessionStore.PendingWill(
                                will.client(), inRedis(client, will.epoch()), will.username(), will.will()))
                        .toList());
        attached.add(new Pair(request, inMemory, inRedis));
    }

    private Owner inRedis(ClientId client, Owner inMemory) {
        return new Owner(inMemory.node(), inMemory.epoch() == 0 ? 0 : inRedis(client, inMemory.epoch()));
    }

    private long inRedis(ClientId client, long epochInMemory) {
        return epochs.get(client).get(epochInMemory);
    }

    private void subscribe(Random random, Pair pair) {
        List<Subscription> add = new ArrayList<>();
        List<TopicFilter> remove = new ArrayList<>();
        for (int i = random.nextInt(3); i >= 0; i--) {
            String filter = FILTERS.get(random.nextInt(FILTERS.size()));
            if (random.nextInt(3) == 0) {
                remove.add(TopicFilter.of(filter));
            } else {
                add.add(Subscription.of(filter, QoS.of(random.nextInt(3))));
            }
        }
        SubscriptionChange change = new SubscriptionChange(add, remove, 3);
        both(
                "subscribe",
                (store, fence) -> {
                    var answer = await(store.subscribe(fence, change));
                    return List.of(answer.result(), answer.refused());
                },
                pair);
    }

    private List<Object> enqueue(SessionStore store, SessionRef session, Message message, QoS grant) {
        CompletableFuture<List<Object>> answer = new CompletableFuture<>();
        store.enqueue(message, List.of(new Leg(session, grant)), new EnqueueCallback() {
            @Override
            public void onStored(int leg, long seq, Owner owner, long acknowledgedUpTo) {
                answer.complete(List.of(seq, store == memory.sessions() ? inRedis(session.client(), owner) : owner));
            }

            @Override
            public void onFailed(int leg, Throwable cause) {
                answer.completeExceptionally(cause);
            }
        });
        return await(answer);
    }

    private Set<List<Object>> positions(SessionStore store) {
        Set<SessionRef> sessions = new HashSet<>();
        attached.forEach(pair -> sessions.add(pair.redis.session()));
        Set<List<Object>> found = new HashSet<>();
        for (Position position : await(store.positions(sessions))) {
            ClientId client = position.session().client();
            long epoch = store == memory.sessions() ? inRedis(client, position.epoch()) : position.epoch();
            found.add(List.of(position.session(), epoch, position.lastSeq()));
        }
        return found;
    }

    private void both(String what, Call call, Pair pair) {
        Object expected = call.on(memory.sessions(), pair.memory.fence());
        Object found = call.on(scene.store, pair.redis.fence());
        assertThat(found).as("step %s %s", step, what).isEqualTo(expected);
    }

    private Presence scene(boolean inRedis) {
        return inRedis
                ? new RedisPresence(scene.redis.context(), node -> false)
                : memory.cluster().presence();
    }

    /** Who has a session, found by its pages. */
    private static Map<ClientId, List<Object>> presence(Presence presence) {
        Map<ClientId, List<Object>> found = new HashMap<>();
        Function<Presence.Entry, List<Object>> view =
                entry -> List.of(entry.session(), entry.owner().node(), entry.persistent());
        Optional<String> cursor = Optional.of("");
        while (cursor.isPresent()) {
            Presence.Page page = await(presence.list(cursor.get(), 1));
            page.entries().forEach(entry -> found.put(entry.client(), view.apply(entry)));
            cursor = page.next();
        }
        return found;
    }

    /** One call on one of the stores. */
    private interface Call {
        Object on(SessionStore store, Fence fence);
    }

    private record Pair(AttachRequest request, Attached memory, Attached redis) {}
}
