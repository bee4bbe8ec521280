package io.mqttparty.testkit.robustness;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttparty.model.ClientInfo;
import io.mqttparty.model.Subscription;
import io.mqttparty.model.TopicName;
import io.mqttparty.spi.Authenticator;
import io.mqttparty.spi.Authorizer;
import io.mqttparty.spi.Counter;
import io.mqttparty.spi.DropReason;
import io.mqttparty.testkit.Fault;
import io.mqttparty.testkit.FaultyBackend;
import io.mqttparty.testkit.TestClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Whoever publishes a will, and whenever: it is the will of the user whose connection had it. */
class WillOwnerTest {
    private final FaultyBackend backend = new FaultyBackend();
    private final OwnTopics rights = new OwnTopics();

    @AutoClose
    private final Scene scene =
            Scene.start(b -> backend.use(b, WillOwnerTest::authenticate).authorizer(rights));

    private final TestClient watcher =
            scene.client("watcher").subscribed("wills/#", 1).acknowledgeAll();

    private static CompletionStage<Authenticator.Result> authenticate(Authenticator.Request request) {
        Map<String, String> attributes =
                Map.of("group", request.client().username().orElse("nobody") + "'s");
        return CompletableFuture.completedFuture(Authenticator.Result.accepted(attributes));
    }

    /** A user may publish to the topics that bear the user's name. */
    private static final class OwnTopics implements Authorizer {
        private final List<ClientInfo> asked = new ArrayList<>();

        @Override
        public CompletionStage<Boolean> mayPublish(ClientInfo client, TopicName topic) {
            asked.add(client);
            String owner = client.username().orElse("nobody");
            return CompletableFuture.completedFuture(
                    topic.value().startsWith("innocent/") || topic.value().equals("wills/" + owner));
        }

        @Override
        public CompletionStage<Boolean> maySubscribe(ClientInfo client, Subscription subscription) {
            return CompletableFuture.completedFuture(true);
        }
    }

    private TestClient connect(String user) {
        return TestClient.connect(
                scene.connection(), c -> c.clientId("c").username(user).will("wills/" + user, "of " + user, 1, false));
    }

    @Test
    void will_foundByTheSweeper_isOfItsUser() {
        TestClient alice = connect("alice").expectConnack(0, false);
        backend.fail("fireWill", Fault.FAILS);
        alice.close();
        scene.advanceSeconds(3);
        watcher.expectNothing();
        rights.asked.clear();

        backend.repair();
        scene.advanceSeconds(3);

        watcher.expectPublish("wills/alice", "of alice");
        assertThat(rights.asked).hasSize(1);
        assertThat(rights.asked.get(0).clientId().value()).isEqualTo("c");
        assertThat(rights.asked.get(0).username()).contains("alice");
        assertThat(scene.count(Counter.WILLS_PUBLISHED)).isEqualTo(1);
        scene.assertOthersGoOn();
    }

    @Test
    void will_foundByTheNextConnectionOfTheSameUser_isAskedForWithItsAttributes() {
        TestClient alice = connect("alice").expectConnack(0, false);
        rights.asked.clear();

        TestClient next = connect("alice");
        scene.advanceSeconds(0.1);

        alice.expectClosed();
        next.expectConnack(0, false);
        watcher.expectPublish("wills/alice", "of alice");
        assertThat(rights.asked)
                .allSatisfy(client -> assertThat(client.attributes()).containsEntry("group", "alice's"));
    }

    @Test
    void will_foundByTheNextConnectionOfAnotherUser_isOfItsOwn() {
        TestClient alice = connect("alice").expectConnack(0, false);

        TestClient bob = connect("bob");
        scene.advanceSeconds(0.1);

        alice.expectClosed();
        bob.expectConnack(0, false);
        watcher.expectPublish("wills/alice", "of alice");
        bob.close();
        watcher.expectPublish("wills/bob", "of bob");
        assertThat(scene.count(DropReason.NOT_AUTHORIZED_TO_PUBLISH)).isZero();
    }
}
