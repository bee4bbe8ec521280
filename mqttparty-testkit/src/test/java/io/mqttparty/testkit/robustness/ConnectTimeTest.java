package io.mqttparty.testkit.robustness;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttparty.model.ClientId;
import io.mqttparty.model.ClientInfo;
import io.mqttparty.model.Subscription;
import io.mqttparty.model.TopicName;
import io.mqttparty.spi.Authorizer;
import io.mqttparty.spi.Counter;
import io.mqttparty.spi.DropReason;
import io.mqttparty.spi.Presence;
import io.mqttparty.testkit.Fault;
import io.mqttparty.testkit.FaultyBackend;
import io.mqttparty.testkit.TestClient;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** All calls of one CONNECT together take 30 seconds at most, whatever each of them may take. */
class ConnectTimeTest {
    private final FaultyBackend backend = new FaultyBackend();
    private final Slow slow = new Slow();

    @AutoClose
    private final Scene scene = Scene.start(b -> {
        backend.use(b);
        b.authorizer(slow);
    });

    /** Says yes, or nothing at all about what "c" has. */
    private static final class Slow implements Authorizer {
        private boolean silent;
        private int asked;

        private CompletionStage<Boolean> answer(ClientInfo client) {
            if (silent && client.clientId().value().equals("c")) {
                asked++;
                return new CompletableFuture<>();
            }
            return CompletableFuture.completedFuture(true);
        }

        @Override
        public CompletionStage<Boolean> mayPublish(ClientInfo client, TopicName topic) {
            return CompletableFuture.completedFuture(true);
        }

        @Override
        public CompletionStage<Boolean> maySubscribe(ClientInfo client, Subscription subscription) {
            return answer(client);
        }

        @Override
        public CompletionStage<Boolean> mayReceive(ClientInfo client, TopicName topic) {
            return answer(client);
        }
    }

    private Optional<Presence.Entry> find(String client) {
        CompletableFuture<Optional<Presence.Entry>> found =
                scene.broker().clients().find(ClientId.of(client)).toCompletableFuture();
        scene.clock().runUntilIdle();
        return found.join();
    }

    private TestClient connecting() {
        return TestClient.connect(scene.connection(), c -> c.clientId("c").cleanSession(false));
    }

    private void sessionWith(int subscriptions, int messages) {
        TestClient client = scene.persistent("c").subscribed("t", 1);
        for (int i = 1; i < subscriptions; i++) {
            client.subscribed("t/" + i, 1);
        }
        client.disconnect().expectClosed();
        TestClient publisher = scene.client("p");
        for (int i = 0; i < messages; i++) {
            publisher.published("t", "" + i, 1);
        }
        publisher.disconnect().expectClosed();
    }

    @Test
    void rights_ofManySubscriptionsNeverCome_refusedAfter30SecondsAndUndone() {
        sessionWith(300, 1);
        slow.silent = true;
        TestClient client = connecting();
        assertThat(slow.asked).as("at a time").isEqualTo(32);
        scene.advanceSeconds(29.9);
        client.expectNothing();
        scene.assertOthersGoOn();
        scene.advanceSeconds(1.2);

        client.expectConnack(3, false).expectClosed();
        assertThat(scene.count(Counter.CONNECTS_REFUSED)).isEqualTo(1);
        assertThat(scene.events().lines()).contains("rejected SERVER_UNAVAILABLE");
        assertThat(find("c"))
                .hasValueSatisfying(c -> assertThat(c.owner().isOnline()).isFalse());

        slow.silent = false;
        scene.advanceSeconds(10);
        TestClient back = scene.resumed("c");
        back.expectPublish("t", "0", 1);
        scene.client("q").published("t/299", "no subscription was lost", 1);
        back.expectPublish("t/299", "no subscription was lost", 1);
        scene.assertOthersGoOn();
    }

    @Test
    void rights_ofSubscriptionsAndRecordsNeverCome_askedTogetherAndAcceptedInTime() {
        sessionWith(20, 20);
        slow.silent = true;
        TestClient client = connecting();
        scene.advanceSeconds(10.1); // both at once each

        client.expectConnack(0, true).expectNothing();
        assertThat(slow.asked).isEqualTo(40);
        assertThat(scene.count(DropReason.NOT_AUTHORIZED_TO_RECEIVE)).isEqualTo(20);
    }

    @Test
    void wills_ofManyEarlierConnectionsCannotBeFired_refusedAndFiredLater() {
        TestClient watcher = scene.client("watcher").subscribed("will", 1).acknowledgeAll();
        backend.fail("fireWill", Fault.FAILS);
        for (int i = 0; i < 10; i++) {
            TestClient.connect(scene.connection(), c -> c.clientId("c").will("will", "x", 1, false))
                    .close();
        }
        backend.fail("fireWill", Fault.NEVER_ANSWERS);
        TestClient client =
                TestClient.connect(scene.connection(), c -> c.clientId("c").will("will", "never", 1, false));
        scene.advanceSeconds(29);
        client.expectNothing();
        scene.advanceSeconds(2.1);
        client.expectConnack(3, false).expectClosed();
        watcher.expectNothing();

        backend.repair();
        scene.advanceSeconds(60);
        for (int i = 0; i < 10; i++) {
            watcher.expectPublish("will", "x");
        }
        watcher.expectNothing();
        assertThat(find("c")).isEmpty();
        scene.assertOthersGoOn();
    }

    @Test
    void client_goneWhileItsRightsAreAsked_attachIsUndoneAndNothingIsRemoved() {
        sessionWith(1, 5);
        slow.silent = true;
        TestClient client = connecting();
        scene.advanceSeconds(5.1); // now the messages are asked about
        Scene.connectionOf(client).resetByPeer();
        scene.advanceSeconds(10);

        assertThat(find("c"))
                .hasValueSatisfying(c -> assertThat(c.owner().isOnline()).isFalse());
        slow.silent = false;
        assertThat(scene.resumed("c").drain()).hasSize(5);
        assertThat(scene.count(DropReason.NOT_AUTHORIZED_TO_RECEIVE)).isZero();
    }

    @Test
    void dropSubscriptions_storeFails_refusedWith3AndUndone() {
        sessionWith(1, 0);
        slow.silent = true;
        backend.fail("subscribe", Fault.FAILS);
        TestClient client = connecting();
        scene.advanceSeconds(5.1);

        client.expectConnack(3, false).expectClosed();
        backend.repair();
        assertThat(find("c"))
                .hasValueSatisfying(c -> assertThat(c.owner().isOnline()).isFalse());
    }
}
