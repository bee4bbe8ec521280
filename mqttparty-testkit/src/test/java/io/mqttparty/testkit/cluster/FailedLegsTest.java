package io.mqttparty.testkit.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttparty.model.ClientId;
import io.mqttparty.model.Message;
import io.mqttparty.spi.BusRecord;
import io.mqttparty.spi.Counter;
import io.mqttparty.spi.Leg;
import io.mqttparty.spi.Owner;
import io.mqttparty.spi.SessionRef;
import io.mqttparty.spi.SessionStore;
import io.mqttparty.spi.SessionStore.EnqueueCallback;
import io.mqttparty.testkit.LoopbackEventLoop;
import io.mqttparty.testkit.ServerPacket;
import io.mqttparty.testkit.TestClient;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * F18: a store of which one leg in twenty fails, before or after it is done, and whose answers come late, in order for each session only. A
 * publisher sends again what was not acknowledged. Each subscriber gets every message, and the first deliveries are in the order of publishing.
 */
class FailedLegsTest {
    private static final int MESSAGES = 60;
    private static final int WINDOW = 8;

    /** A record of a queue. */
    private record Record(ClientId client, long seq) {}

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
    @Tag("MQTT-4.6.0-6")
    void publish_legsFailAtRandom_firstDeliveriesAreInOrder(long firstSeed) {
        for (long seed = firstSeed * 10; seed < firstSeed * 10 + 10; seed++) {
            run(seed);
        }
    }

    private static void run(long seed) {
        try (ClusterScene scene = ClusterScene.of(2)) {
            Lanes lanes = new Lanes(scene, seed);
            ClusterNode a = scene.node(0);
            ClusterNode b = scene.node(1);
            lanes.replace(a);
            lanes.replace(b);
            Map<String, TestClient> subscribers = new HashMap<>();
            Map<String, Set<String>> received = new HashMap<>();
            for (String id : List.of("s0", "s1", "s2")) {
                ClusterNode node = id.equals("s0") ? a : b;
                TestClient client = node.persistent(id).subscribed("all", 1);
                if (id.equals("s1")) { // what only it gets may be ready before what went to others before
                    client.subscribed("s1", 1);
                }
                subscribers.put(id, client.acknowledgeAll());
                received.put(id, new LinkedHashSet<>());
            }
            Publisher publisher = new Publisher(a);

            for (int step = 0; step < 20_000 && !publisher.isDone(); step++) {
                publisher.step();
                scene.advance(Duration.ofMillis(1));
                subscribers.forEach((id, client) -> client.drain().forEach(packet -> {
                    if (packet instanceof ServerPacket.Publish publish) {
                        received.get(id).add(publish.text());
                    }
                }));
            }

            assertThat(publisher.isDone())
                    .as("seed %d: all is acknowledged", seed)
                    .isTrue();
            assertThat(a.count(Counter.PUBLISHES_FAILED))
                    .as("seed %d: failures", seed)
                    .isPositive();
            received.forEach((id, payloads) -> lanes.assertInOrder(seed, ClientId.of(id), payloads));
            lanes.assertNothingWithdrawnWasPushed(seed, b.backend().bus().received(BusRecord.Push.class));
        }
    }

    /** Sends messages at QoS 1 in their order, and after each end of its connection all again that are not acknowledged. */
    private static final class Publisher {
        private final ClusterNode node;
        private final ArrayDeque<Integer> open = new ArrayDeque<>();
        private TestClient client;
        private int next;

        Publisher(ClusterNode node) {
            this.node = node;
            this.client = node.client("p");
        }

        boolean isDone() {
            return next == MESSAGES && open.isEmpty();
        }

        void step() {
            takeAcknowledgements();
            if (client.pipe().isEnded()) {
                client = node.client("p");
                open.forEach(number -> send(number, true));
            }
            while (open.size() < WINDOW && next < MESSAGES) {
                open.add(next);
                send(next++, false);
            }
        }

        private void takeAcknowledgements() {
            for (Optional<ServerPacket> packet = client.poll(); packet.isPresent(); packet = client.poll()) {
                int packetId = ((ServerPacket.Puback) packet.get()).packetId();
                assertThat(open.remove()).as("the oldest is acknowledged first").isEqualTo(packetId - 1);
            }
        }

        private void send(int number, boolean dup) {
            client.publish(number % 2 == 0 ? "all" : "s1", "" + number, 1, false, number + 1, dup);
        }
    }

    /** The store as several connections to it: what is sent over one is done in order, what over several is not. */
    private static final class Lanes {
        private final SessionStore sessions;
        private final LoopbackEventLoop loop;
        private final ClusterScene scene;
        private final Random random;
        private final Map<ClientId, Long> free = new HashMap<>();
        private final Map<Record, String> payloads = new HashMap<>();
        private final Set<Record> read = new HashSet<>();
        private final Set<Record> withdrawn = new HashSet<>();
        private final Set<Record> unknown = new HashSet<>();

        Lanes(ClusterScene scene, long seed) {
            this.scene = scene;
            this.sessions = scene.shared().sessions();
            this.loop = scene.clock().newEventLoop("store");
            this.random = new Random(seed);
        }

        void replace(ClusterNode node) {
            node.backend().calls("enqueue").replace((arguments, store) -> {
                List<?> legs = (List<?>) arguments[1];
                for (int i = 0; i < legs.size(); i++) {
                    int index = i;
                    Leg leg = (Leg) legs.get(i);
                    later(
                            leg.session().client(),
                            () -> append((Message) arguments[0], leg, index, (EnqueueCallback) arguments[2]));
                }
                return null;
            });
            node.backend().calls("withdraw").replace((arguments, store) -> {
                SessionRef session = (SessionRef) arguments[0];
                long[] seqs = (long[]) arguments[1];
                later(session.client(), () -> sessions.withdraw(session, seqs));
                for (long seq : seqs) {
                    withdrawn.add(new Record(session.client(), seq));
                }
                return null;
            });
            node.backend().calls("read").replace((arguments, store) -> {
                SessionRef session = (SessionRef) arguments[0];
                return sessions.read(session, (long) arguments[1], (int) arguments[2])
                        .thenApply(records -> {
                            records.forEach(each -> read.add(new Record(session.client(), each.seq())));
                            return records;
                        });
            });
        }

        private void later(ClientId client, Runnable call) {
            long at = Math.max(free.getOrDefault(client, 0L), scene.clock().nanoTime() + random.nextInt(3_000_000));
            free.put(client, at + 1);
            var unused = loop.schedule(at - scene.clock().nanoTime(), call);
        }

        private void append(Message message, Leg leg, int index, EnqueueCallback callback) {
            int dice = random.nextInt(40);
            if (dice == 0) {
                callback.onFailed(index, new IllegalStateException("not done, on purpose"));
                return;
            }
            sessions.enqueue(message, List.of(leg), new EnqueueCallback() {
                @Override
                public void onStored(int only, long seq, Owner owner, long acknowledgedUpTo) {
                    Record record = new Record(leg.session().client(), seq);
                    payloads.put(record, message.payload().asUtf8String());
                    if (dice == 1) {
                        unknown.add(record);
                        callback.onFailed(index, new IllegalStateException("done, but who knows, on purpose"));
                    } else {
                        callback.onStored(index, seq, owner, acknowledgedUpTo);
                    }
                }

                @Override
                public void onFailed(int only, Throwable cause) {
                    throw new AssertionError(cause);
                }
            });
        }

        /**
         * A later message may come first only if it was read between the failure of an earlier one and its own withdrawal, or if it could not be
         * withdrawn because its number was lost.
         */
        void assertInOrder(long seed, ClientId client, Set<String> received) {
            Set<String> excused = new HashSet<>();
            read.stream()
                    .filter(record -> record.client().equals(client))
                    .filter(record -> withdrawn.contains(record) || unknown.contains(record))
                    .forEach(record -> excused.add(payloads.get(record)));
            List<Integer> order = received.stream()
                    .filter(payload -> !excused.contains(payload))
                    .map(Integer::valueOf)
                    .toList();
            List<Integer> all = new ArrayList<>();
            int step = client.value().equals("s1") ? 1 : 2;
            for (int i = 0; i < MESSAGES; i += step) {
                if (!excused.contains("" + i)) {
                    all.add(i);
                }
            }
            assertThat(received).as("seed %d: what %s got", seed, client).hasSize(MESSAGES / step);
            assertThat(order).as("seed %d: order of %s", seed, client).isEqualTo(all);
        }

        void assertNothingWithdrawnWasPushed(long seed, List<BusRecord.Push> pushes) {
            assertThat(pushes)
                    .as("seed %d: pushes", seed)
                    .noneMatch(
                            push -> withdrawn.contains(new Record(push.session().client(), push.seq())));
        }
    }
}
