package io.mqttparty.redis.internal.session;

import static io.mqttparty.redis.TestRedis.await;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.mqttparty.model.Message;
import io.mqttparty.model.QoS;
import io.mqttparty.model.Will;
import io.mqttparty.redis.TestRedis;
import io.mqttparty.redis.fixture.RespReply;
import io.mqttparty.redis.internal.key.Keys;
import io.mqttparty.spi.SessionStore.PendingWill;
import io.mqttparty.spi.SessionStore.Swept;
import io.mqttparty.spi.Targets;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class ExpiryIT {
    private static final Message WILL = Message.of("will", "gone", QoS.AT_LEAST_ONCE);
    private static final Swept NOTHING = new Swept(0, List.of());

    private final TestRedis redis = TestRedis.open();
    private final Expiry expiry = new Expiry(redis.context(), new SessionNames(1_000));

    @AfterEach
    void close() {
        redis.close();
    }

    // ---- sessions ----

    @Test // F25
    void sweep_due_deletesAllOfItAndItsRoute() {
        StoredSession a = expired("a");
        redis.client().send("HSET", a.key("r"), "65536", "1");
        redis.client().send("HSET", a.key("i"), "7", "x");

        assertThat(sweep()).isEqualTo(new Swept(1, List.of()));
        assertThat(sweep()).isEqualTo(NOTHING);

        assertThat(redis.keys()).containsExactly("r:l", "sweep");
        assertThat(routeLog()).containsExactly(List.of("t", "G", "c", "a", "i", "one-a"));
    }

    @Test
    void sweep_neverSubscribed_tellsNobody() {
        StoredSession a = expired("a");
        redis.client().send("HDEL", redis.key("r:s"), "a");

        assertThat(sweep().expired()).isEqualTo(1);

        assertThat(a.get("inc")).isEmpty();
        assertThat(redis.keys()).containsExactly("sweep");
    }

    @Test // F25
    void sweep_clientCameBack_leavesTheSession() {
        StoredSession a = expired("a");
        a.connect("two");

        assertThat(sweep()).isEqualTo(NOTHING);

        assertThat(a.get("inc")).isNotEmpty();
        assertThat(redis.keys()).doesNotContain("exp:" + Keys.dueBucket(a.client()));
    }

    @Test // F25
    void sweep_detachedAgainMeanwhile_waitsForTheNewTime() {
        StoredSession a = expired("a");
        long now = System.currentTimeMillis();
        a.set("at", Long.toString(now));

        assertThat(sweep()).isEqualTo(NOTHING);

        assertThat(redis.client()
                        .send("ZSCORE", redis.key("exp:" + Keys.dueBucket(a.client())), "a")
                        .number())
                .isEqualTo(now + 3_600_000);
        assertThat(a.get("inc")).isNotEmpty();
    }

    @Test // F25
    void sweep_safetyNetCameFirst_removesWhatHasNoLife() {
        StoredSession a = expired("a");
        redis.client().send("DEL", a.key("s"), a.queueKey());

        assertThat(sweep().expired()).isEqualTo(1);

        assertThat(redis.keys()).containsExactly("r:l", "sweep");
        assertThat(routeLog()).containsExactly(List.of("t", "G", "c", "a", "i", "one-a"));
        assertThat(sweep()).isEqualTo(NOTHING);
    }

    @Test
    void sweep_safetyNetTookAllWithoutRoute_removesTheEntry() {
        StoredSession a = expired("a");
        redis.client().send("DEL", a.key("s"), a.queueKey());
        redis.client().send("HDEL", redis.key("r:s"), "a");

        assertThat(sweep()).isEqualTo(NOTHING);

        assertThat(redis.keys()).containsExactly("sweep");
    }

    @Test
    void sweep_many_atMostSoManyAtOnce() {
        for (int i = 0; i < 50; i++) {
            expired("c" + i);
        }

        assertThat(await(expiry.sweep(30)).expired()).isEqualTo(30);
        assertThat(await(expiry.sweep(30)).expired()).isEqualTo(20);
        assertThat(redis.keys()).containsExactly("r:l", "sweep");
    }

    // ---- wills ----

    @Test
    void sweep_expiredWithWill_theWillComesFirst() {
        StoredSession a = expired("a");
        a.set("w:5", WillRecords.encode(Optional.of("user"), new Will(WILL)));

        Swept first = sweep();
        assertThat(first).isEqualTo(new Swept(0, List.of(will(a, 5))));
        assertThat(a.get("inc")).isNotEmpty();
        WillScripts wills =
                new WillScripts(redis.context(), new Enqueuing(redis.context(), new QueueBytes(redis.context())));
        assertThat(await(wills.fire(a.client(), 5, Targets.NONE)).fired()).isTrue();

        assertThat(sweep()).isEqualTo(new Swept(1, List.of()));
        assertThat(redis.keys()).containsExactly("r:l", "sweep");
    }

    @Test // F8
    void sweep_severalWillsOfOneClient_oldestFirst() {
        StoredSession a = StoredSession.offline(redis, "a");
        pending(a, 10);
        pending(a, 9);

        assertThat(sweep().wills()).containsExactly(will(a, 9), will(a, 10));
        assertThat(sweep().wills()).hasSize(2);
        assertThat(await(expiry.sweep(1)).wills()).containsExactly(will(a, 9));
    }

    @Test
    void sweep_willOfConnectedClient_isNotDue() {
        StoredSession a = StoredSession.online(redis, "a");
        pending(a, 9);

        assertThat(sweep()).isEqualTo(NOTHING);

        assertThat(a.get("w:9")).isNotEmpty();
        assertThat(redis.keys()).doesNotContain("will:" + Keys.dueBucket(a.client()));
    }

    @Test // F7: the DISCONNECT that was overtaken took the last will of a stub
    void sweep_stubWithoutWill_leavesNoKey() {
        StoredSession a = StoredSession.offline(redis, "a");
        pending(a, 9);
        a.delete();
        a.set("e", "9");

        assertThat(sweep()).isEqualTo(NOTHING);

        assertThat(redis.keys()).containsExactly("sweep");
    }

    @Test
    void sweep_oneWillUnreadable_theOthersAreFound() {
        StoredSession a = StoredSession.offline(redis, "a");
        pending(a, 9);
        a.set("w:8", "\u0007of a later version");

        assertThat(sweep().wills()).containsExactly(will(a, 9));
        assertThat(a.get("w:8")).isNotEmpty();
    }

    // ---- election ----

    @Test
    void sweep_twoNodes_oneDoesIt() {
        StoredSession a = StoredSession.offline(redis, "a");
        pending(a, 9);
        Expiry other = new Expiry(redis.context(), new SessionNames(1_000));

        assertThat(sweep().wills()).hasSize(1);
        assertThat(await(other.sweep(10))).isEqualTo(NOTHING);
        assertThat(sweep().wills()).hasSize(1);
        assertThat(redis.client().send("PTTL", redis.key("sweep")).number()).isBetween(1L, 2_000L);
        redis.client().send("DEL", redis.key("sweep")); // its time is over
        assertThat(await(other.sweep(10)).wills()).hasSize(1);
    }

    private Swept sweep() {
        return await(expiry.sweep(100));
    }

    private List<List<String>> routeLog() {
        return redis.client().send("XRANGE", redis.key("r:l"), "-", "+").list().stream()
                .map(entry -> entry.list().get(1).texts())
                .toList();
    }

    private StoredSession expired(String client) {
        StoredSession session = StoredSession.offline(redis, client);
        long past = System.currentTimeMillis() - 3_600_001;
        session.set("at", Long.toString(past));
        redis.client()
                .send(
                        "ZADD",
                        redis.key("exp:" + Keys.dueBucket(session.client())),
                        Long.toString(past + 3_600_000),
                        client);
        byte[] incarnation = session.ref().incarnation().value().getBytes(UTF_8);
        byte[] route = ByteBuffer.allocate(7 + incarnation.length)
                .put((byte) 1)
                .putShort((short) incarnation.length)
                .put(incarnation)
                .putInt(1)
                .array();
        RespReply added = redis.client()
                .send("HSET".getBytes(UTF_8), redis.key("r:s").getBytes(UTF_8), client.getBytes(UTF_8), route);
        assertThat(added.number()).isOne();
        return session;
    }

    private void pending(StoredSession session, long epoch) {
        session.set("w:" + epoch, WillRecords.encode(Optional.of("user"), new Will(WILL)));
        redis.client()
                .send(
                        "ZADD",
                        redis.key("will:" + Keys.dueBucket(session.client())),
                        "1",
                        session.client().value());
    }

    private static PendingWill will(StoredSession session, long epoch) {
        return new PendingWill(session.client(), epoch, Optional.of("user"), new Will(WILL));
    }
}
