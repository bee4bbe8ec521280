package io.mqttparty.testkit.robustness;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttparty.model.ClientInfo;
import io.mqttparty.model.Message;
import io.mqttparty.model.Payload;
import io.mqttparty.model.QoS;
import io.mqttparty.model.ReasonCode;
import io.mqttparty.model.Subscription;
import io.mqttparty.model.TopicFilter;
import io.mqttparty.model.TopicName;
import io.mqttparty.spi.Authenticator;
import io.mqttparty.spi.Authorizer;
import io.mqttparty.spi.BrokerListener;
import io.mqttparty.spi.Counter;
import io.mqttparty.spi.DropReason;
import io.mqttparty.spi.Interceptor;
import io.mqttparty.spi.Upstream;
import io.mqttparty.testkit.ControlledUpstream;
import io.mqttparty.testkit.Fault;
import io.mqttparty.testkit.TestClient;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whatever an SPI does wrong means "no" for its client, and nothing for the others. Time limits: 5 seconds, 30 for an upstream. */
class FaultyDecisionTest {
    private @Nullable Fault fault;

    /** The fault for clients other than the innocent one. */
    private @Nullable Fault faultFor(ClientInfo client) {
        return client.clientId().value().equals("innocent") ? null : fault;
    }

    private void assertCounted(Scene scene, long failures) {
        assertThat(scene.count(Counter.SPI_FAILURES)).isEqualTo(failures);
        scene.assertOthersGoOn();
    }

    // ---- authenticator ----

    @ParameterizedTest
    @EnumSource
    void authenticator_faulty_connectRefusedWith3(Fault what) {
        Authenticator authenticator = request -> Fault.or(
                faultFor(request.client()), () -> CompletableFuture.completedFuture(Authenticator.Result.accepted()));
        try (Scene scene = Scene.start(b -> b.authenticator(authenticator))) {
            fault = what;
            TestClient client = TestClient.connect(scene.connection(), c -> c.clientId("c"));
            if (what == Fault.NEVER_ANSWERS) {
                scene.advanceSeconds(4.9);
                client.expectNothing();
                scene.assertOthersGoOn();
                scene.advanceSeconds(0.2);
            }
            client.expectConnack(3, false).expectClosed();

            assertThat(scene.count(Counter.CONNECTS_REFUSED)).isEqualTo(1);
            assertThat(scene.events().lines()).contains("rejected SERVER_UNAVAILABLE");
            assertCounted(scene, 1);
        }
    }

    @Test
    void authenticator_answersAfterItsTime_nothingHappens() {
        CompletableFuture<Authenticator.Result> late = new CompletableFuture<>();
        Authenticator authenticator =
                request -> request.client().clientId().value().equals("late")
                        ? late
                        : CompletableFuture.completedFuture(Authenticator.Result.accepted());
        try (Scene scene = Scene.start(b -> b.authenticator(authenticator))) {
            TestClient client = TestClient.connect(scene.connection(), c -> c.clientId("late"));
            scene.advanceSeconds(5.1);
            client.expectConnack(3, false).expectClosed();
            late.complete(Authenticator.Result.accepted());
            scene.clock().runUntilIdle();

            assertThat(scene.count(Counter.CONNECTS_ACCEPTED)).isEqualTo(1); // the innocent one
            assertThat(scene.broker().connections()).isEqualTo(1);
        }
    }

    @Test
    void authenticator_answersAfterTheClientHasGone_noSessionIsMade() {
        CompletableFuture<Authenticator.Result> late = new CompletableFuture<>();
        Authenticator authenticator =
                request -> request.client().clientId().value().equals("late")
                        ? late
                        : CompletableFuture.completedFuture(Authenticator.Result.accepted());
        try (Scene scene = Scene.start(b -> b.authenticator(authenticator))) {
            Scene.connectionOf(TestClient.connect(
                            scene.connection(), c -> c.clientId("late").cleanSession(false)))
                    .resetByPeer();
            late.complete(Authenticator.Result.accepted());
            scene.clock().runUntilIdle();

            scene.persistent("late");
        }
    }

    @Test
    void authenticator_refuses_eachReasonHasItsCode() {
        Map<ReasonCode, Integer> codes = Map.of(
                ReasonCode.BAD_USER_NAME_OR_PASSWORD, 4,
                ReasonCode.NOT_AUTHORIZED, 5,
                ReasonCode.CLIENT_IDENTIFIER_NOT_VALID, 2,
                ReasonCode.SERVER_BUSY, 3,
                ReasonCode.UNSPECIFIED_ERROR, 3);
        codes.forEach((reason, code) -> {
            Authenticator authenticator = request -> CompletableFuture.completedFuture(
                    request.client().clientId().value().equals("innocent")
                            ? Authenticator.Result.accepted()
                            : Authenticator.Result.refused(reason));
            try (Scene scene = Scene.start(b -> b.authenticator(authenticator))) {
                TestClient.connect(scene.connection(), c -> c.clientId("c"))
                        .expectConnack(code, false)
                        .expectClosed();
                assertCounted(scene, 0);
            }
        });
    }

    // ---- authorizer ----

    private Authorizer authorizer() {
        CompletableFuture<Boolean> yes = CompletableFuture.completedFuture(true);
        return new Authorizer() {
            @Override
            public CompletionStage<Boolean> mayPublish(ClientInfo client, TopicName topic) {
                return Fault.or(faultFor(client), () -> yes);
            }

            @Override
            public CompletionStage<Boolean> maySubscribe(ClientInfo client, Subscription subscription) {
                return Fault.or(faultFor(client), () -> yes);
            }

            @Override
            public CompletionStage<Boolean> mayReceive(ClientInfo client, TopicName topic) {
                return Fault.or(faultFor(client), () -> yes);
            }
        };
    }

    private void pass(Scene scene) {
        if (fault == Fault.NEVER_ANSWERS) {
            scene.assertOthersGoOn();
            scene.advanceSeconds(5.1);
        }
    }

    @ParameterizedTest
    @EnumSource
    @Tag("MQTT-3.3.5-2")
    void authorizer_faultyForPublish_noAcknowledgementAndClosed(Fault what) {
        try (Scene scene = Scene.start(b -> b.allowAnonymous().authorizer(authorizer()))) {
            TestClient watcher = scene.client("watcher").subscribed("t", 2);
            TestClient[] clients = {scene.client("a"), scene.client("b"), scene.client("c"), scene.persistent("p")};
            fault = what;
            for (int i = 0; i < clients.length; i++) {
                clients[i].publish("t", "x", Math.min(i, 2), i);
                pass(scene);
                clients[i].expectClosed();
            }
            watcher.expectNothing();
            assertThat(scene.count(Counter.PUBLISHES_FAILED)).isEqualTo(clients.length);
            assertThat(scene.count(DropReason.NOT_AUTHORIZED_TO_PUBLISH)).isZero();
            assertCounted(scene, clients.length);
        }
    }

    @ParameterizedTest
    @EnumSource
    void authorizer_faultyForSubscribe_answeredWith128(Fault what) {
        try (Scene scene = Scene.start(b -> b.allowAnonymous().authorizer(authorizer()))) {
            TestClient client = scene.client("c");
            fault = what;
            client.subscribe(1, "t", 1);
            pass(scene);
            client.expectSuback(1, 128);

            scene.client("publisher");
            assertThat(scene.broker()
                            .publish(message("t"))
                            .toCompletableFuture()
                            .join()
                            .delivered())
                    .isZero();
            client.expectNothing();
            assertCounted(scene, 1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void authorizer_faultyForTheWill_connectRefusedWith5(Fault what) {
        try (Scene scene = Scene.start(b -> b.allowAnonymous().authorizer(authorizer()))) {
            TestClient watcher = scene.client("watcher").subscribed("t", 2);
            fault = what;
            TestClient client =
                    TestClient.connect(scene.connection(), c -> c.clientId("c").will("t", "x", 0, true));
            pass(scene);
            client.expectConnack(5, false).expectClosed();
            scene.advanceSeconds(10);

            watcher.expectNothing();
            assertThat(scene.count(Counter.WILLS_PUBLISHED)).isZero();
            assertCounted(scene, 1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void authorizer_faultyWhenTheWillFires_willIsDropped(Fault what) {
        try (Scene scene = Scene.start(b -> b.allowAnonymous().authorizer(authorizer()))) {
            TestClient watcher = scene.client("watcher").subscribed("t", 2);
            TestClient client = TestClient.connect(
                            scene.connection(), c -> c.clientId("c").will("t", "x", 1, true))
                    .expectConnack(0, false);
            fault = what;
            client.close();
            pass(scene);
            fault = null;
            scene.advanceSeconds(10);

            watcher.expectNothing();
            assertThat(scene.count(Counter.WILLS_PUBLISHED)).isZero();
            assertThat(scene.count(DropReason.NOT_AUTHORIZED_TO_PUBLISH)).isEqualTo(1);
            scene.client("late").subscribed("t", 0).expectNothing();
            assertThat(scene.count(Counter.SPI_FAILURES)).isPositive(); // the sweeper may have asked, too
            scene.assertOthersGoOn();
        }
    }

    @ParameterizedTest
    @EnumSource
    void authorizer_faultyForStoredMessages_droppedAndTheRestGoesOn(Fault what) {
        try (Scene scene = Scene.start(b -> b.allowAnonymous().authorizer(authorizer()))) {
            scene.persistent("c").subscribed("t", 1).disconnect().expectClosed();
            scene.broker().publish(message("t"));
            fault = what;
            TestClient back =
                    TestClient.connect(scene.connection(), c -> c.clientId("c").cleanSession(false));
            if (what == Fault.NEVER_ANSWERS) {
                scene.advanceSeconds(10.1); // one subscription, one message
            }
            back.expectConnack(0, true).pingreq().expectPingresp().expectNothing();

            assertThat(scene.count(DropReason.NOT_AUTHORIZED_TO_RECEIVE)).isEqualTo(1);
            assertCounted(scene, 2);
        }
    }

    // ---- interceptor ----

    @ParameterizedTest
    @EnumSource
    @Tag("MQTT-4.8.0-2")
    void interceptor_faulty_noAcknowledgementAndClosed(Fault what) {
        Interceptor interceptor = (client, message) ->
                Fault.or(faultFor(client), () -> CompletableFuture.completedFuture(Optional.of(message)));
        try (Scene scene = Scene.start(b -> b.allowAnonymous().interceptor(interceptor))) {
            TestClient watcher = scene.client("watcher").subscribed("t", 2);
            TestClient[] clients = {scene.client("a"), scene.client("b"), scene.client("c"), scene.persistent("p")};
            fault = what;
            for (int i = 0; i < clients.length; i++) {
                clients[i].publish("t", "x", Math.min(i, 2), i);
                pass(scene);
                clients[i].expectClosed();
            }
            watcher.expectNothing();
            assertThat(scene.count(Counter.PUBLISHES_FAILED)).isEqualTo(clients.length);
            assertCounted(scene, clients.length);
        }
    }

    // ---- upstream ----

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "COMPLETES_WITH_NULL") // which is its right answer
    @Tag("MQTT-4.8.0-2")
    void upstream_faulty_noAcknowledgementAndClosed(Fault what) {
        Upstream upstream =
                request -> Fault.or(faultFor(request.client()), () -> CompletableFuture.completedFuture(null));
        try (Scene scene = Scene.start(b -> b.allowAnonymous().upstream(TopicFilter.of("up/#"), upstream))) {
            TestClient[] clients = {scene.client("a"), scene.client("b"), scene.client("c"), scene.persistent("p")};
            fault = what;
            for (int i = 0; i < clients.length; i++) {
                clients[i].publish("up/t", "x", Math.min(i, 2), i);
                if (what == Fault.NEVER_ANSWERS) {
                    scene.advanceSeconds(29.9);
                    clients[i].expectNothing();
                    scene.assertOthersGoOn();
                    scene.advanceSeconds(0.2);
                }
                clients[i].expectClosed();
            }
            assertThat(scene.count(Counter.PUBLISHES_FAILED)).isEqualTo(clients.length);
            assertCounted(scene, clients.length);
        }
    }

    @Test
    void upstream_answersWithAStageThatCannotBeAsked_isTaken() {
        Upstream upstream = request -> CompletableFuture.completedStage(null);
        try (Scene scene = Scene.start(
                b -> b.authenticator(any -> CompletableFuture.completedStage(Authenticator.Result.accepted()))
                        .upstream(TopicFilter.of("up"), upstream))) {
            scene.client("c").publish("up", "1", 1, 1).expectPuback(1);
        }
    }

    @Test
    void upstream_failsForOneOfSeveral_nothingThatCameLaterIsAcknowledged() {
        ControlledUpstream upstream = new ControlledUpstream();
        try (Scene scene = Scene.start(b -> b.allowAnonymous().upstream(TopicFilter.of("up"), upstream))) {
            TestClient client = scene.client("c");
            client.publish("up", "1", 1, 1).publish("up", "2", 1, 2).publish("up", "3", 1, 3);
            upstream.calls().all().get(2).answer(ControlledUpstream.Answer.TAKEN);
            upstream.take();
            client.expectPuback(1).expectNothing();
            upstream.calls().fail(new IllegalStateException("on purpose"));

            client.expectClosed();
            assertThat(scene.count(Counter.PUBLISHES_FAILED)).isEqualTo(1);
        }
    }

    @Test
    void will_withoutSubscribers_reachesTheUpstream() {
        ControlledUpstream upstream = new ControlledUpstream();
        try (Scene scene = Scene.start(b -> b.allowAnonymous().upstream(TopicFilter.of("t"), upstream))) {
            TestClient.connect(scene.connection(), c -> c.clientId("c").will("t", "x", 1, false))
                    .expectConnack(0, false)
                    .close();
            assertThat(upstream.calls().all()).hasSize(1);
            assertThat(scene.count(Counter.WILLS_PUBLISHED)).isEqualTo(1);
            upstream.take();
        }
    }

    @Test
    void upstream_failsForAWill_willReachesItsSubscribers() {
        Upstream upstream = request -> {
            throw new IllegalStateException("on purpose");
        };
        try (Scene scene = Scene.start(b -> b.allowAnonymous().upstream(TopicFilter.of("t"), upstream))) {
            TestClient watcher = scene.client("watcher").subscribed("t", 1);
            TestClient.connect(scene.connection(), c -> c.clientId("c").will("t", "x", 1, false))
                    .expectConnack(0, false)
                    .close();
            watcher.expectPublish("t", "x", 1);
            scene.advanceSeconds(10);
            watcher.expectNothing();
            assertCounted(scene, 1);
        }
    }

    // ---- listener ----

    @ParameterizedTest
    @EnumSource(names = {"THROWS", "THROWS_CHECKED", "THROWS_ERROR"})
    void listener_throwsAlways_changesNothing(Fault what) {
        BrokerListener listener = (BrokerListener) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {BrokerListener.class}, (proxy, method, arguments) -> {
                    if (method.getDeclaringClass() == BrokerListener.class) {
                        what.happen();
                    }
                    return method.getName().equals("hashCode")
                            ? (Object) 1
                            : method.getName().equals("equals");
                });
        try (Scene scene = Scene.start(b -> b.allowAnonymous().brokerListener(listener))) {
            TestClient client = scene.client("c").subscribed("t", 1).published("t", "x", 1);
            client.puback(client.expectPublish("t", "x", 1).packetId());
            client.published("$SYS/x", "dropped", 1);
            client.unsubscribe(9, "t").expectUnsuback(9).disconnect().expectClosed();
            scene.raw().sendRaw(new byte[] {0}).expectClosed();
            scene.persistent("p").subscribed("t", 1).disconnect().expectClosed();
            scene.client("d").published("t", "x", 1);
            scene.assertOthersGoOn();
        }
    }

    private static Message message(String topic) {
        return new Message(TopicName.of(topic), Payload.utf8("x"), QoS.AT_LEAST_ONCE, false);
    }
}
