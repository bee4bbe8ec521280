package io.mqttparty.testkit.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttparty.model.ClientId;
import io.mqttparty.model.TopicFilter;
import io.mqttparty.spi.Counter;
import io.mqttparty.testkit.ControlledAuthenticator;
import io.mqttparty.testkit.ControlledAuthorizer;
import io.mqttparty.testkit.ControlledUpstream;
import io.mqttparty.testkit.Packets;
import io.mqttparty.testkit.ServerPacket;
import io.mqttparty.testkit.TestBroker;
import io.mqttparty.testkit.TestClient;
import java.time.Duration;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Section 3.1.2.5. */
final class WillTest {
    @AutoClose
    private final TestBroker broker = TestBroker.start();

    /** The ways in which a connection can end without DISCONNECT. */
    private enum Loss {
        CLOSED_BY_CLIENT,
        MALFORMED,
        VIOLATION,
        KEEP_ALIVE,
        ADMINISTRATIVE,
        TAKEN_OVER
    }

    @ParameterizedTest
    @EnumSource
    @Tag("MQTT-3.1.2-8")
    @Tag("MQTT-3.1.2-24")
    @Tag("MQTT-4.8.0-1")
    void connection_lost_publishesTheWillOnce(Loss loss) {
        TestClient witness = broker.client("w").subscribed("will", 1);
        TestClient client = broker.connect(c -> c.clientId("c").keepAlive(10).will("will", "gone", 1, false))
                .expectConnack(0, false);
        witness.expectNothing();

        lose(client, loss);

        witness.puback(witness.expectPublish("will", "gone", 1).packetId());
        witness.expectNothing();
        assertThat(broker.count(Counter.WILLS_PUBLISHED)).isOne();
    }

    private void lose(TestClient client, Loss loss) {
        switch (loss) {
            case CLOSED_BY_CLIENT -> broker.lose(client);
            case MALFORMED -> client.sendRaw(Packets.packet(0, 0)).expectClosed();
            case VIOLATION -> client.connect(c -> c.clientId("c")).expectClosed();
            case KEEP_ALIVE -> broker.advance(Duration.ofSeconds(17));
            case ADMINISTRATIVE -> {
                broker.broker().clients().disconnect(ClientId.of("c"));
                broker.clock().runUntilIdle();
                client.expectClosed();
            }
            case TAKEN_OVER -> {
                TestClient next = broker.connect(c -> c.clientId("c"));
                broker.advance(Duration.ofMillis(1));
                client.expectClosed();
                next.expectConnack(0, false);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @Tag("MQTT-3.1.2-10")
    @Tag("MQTT-3.14.4-3")
    void disconnect_removesTheWill(boolean cleanSession) {
        TestClient witness = broker.client("w").subscribed("will", 1);
        broker.connect(c -> c.clientId("c").cleanSession(cleanSession).will("will", "gone", 1, true))
                .expectConnack(0, false)
                .disconnect()
                .expectClosed();

        broker.lose(
                broker.connect(c -> c.clientId("c").cleanSession(cleanSession)).expectConnack(0, !cleanSession));

        witness.expectNothing();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @Tag("MQTT-3.1.2-10")
    @Tag("MQTT-3.1.2-12")
    void will_published_isNotPublishedByTheNextConnection(boolean cleanSession) {
        TestClient witness = broker.client("w").subscribed("will", 0);
        broker.lose(
                broker.connect(c -> c.clientId("c").cleanSession(cleanSession).will("will", "gone", 0, false))
                        .expectConnack(0, false));
        witness.expectPublish("will", "gone");

        TestClient next =
                broker.connect(c -> c.clientId("c").cleanSession(cleanSession)).expectConnack(0, !cleanSession);
        broker.lose(next);

        witness.expectNothing();
    }

    @Test
    @Tag("MQTT-3.1.2-12")
    void connectionWithoutWill_lost_publishesNothing() {
        TestClient witness = broker.client("w").subscribed("#", 0);

        broker.lose(broker.client("c"));

        witness.expectNothing();
        assertThat(broker.count(Counter.WILLS_PUBLISHED)).isZero();
    }

    @ParameterizedTest
    @CsvSource({"0, 2, 0", "1, 2, 1", "2, 2, 2", "2, 1, 1", "1, 0, 0"})
    @Tag("MQTT-3.1.2-8")
    @Tag("MQTT-3.8.4-6")
    void will_hasItsQos(int published, int granted, int delivered) {
        TestClient clean = broker.client("w").subscribed("will", granted);
        TestClient persistent = broker.persistent("q").subscribed("will", granted);

        broker.lose(broker.connect(c -> c.clientId("c").will("will", "gone", published, false))
                .expectConnack(0, false));

        clean.expectPublish("will", "gone", delivered);
        persistent.expectPublish("will", "gone", delivered);
    }

    @Test
    @Tag("MQTT-3.1.2-16")
    void will_notRetained_isPublishedAndNotStored() {
        TestClient witness = broker.client("w").subscribed("will", 0);

        broker.lose(broker.connect(c -> c.clientId("c").will("will", "gone", 1, false))
                .expectConnack(0, false));

        assertThat(witness.expectPublish("will", "gone").retain()).isFalse();
        broker.client("later").subscribed("will", 1).expectNothing();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    @Tag("MQTT-3.1.2-17")
    @Tag("MQTT-3.3.1-9")
    void will_retained_isPublishedAndStored(int qos) {
        TestClient witness = broker.client("w").subscribed("will", 2);

        broker.lose(broker.connect(c -> c.clientId("c").will("will", "gone", qos, true))
                .expectConnack(0, false));

        assertThat(witness.expectPublish("will", "gone", qos).retain()).isFalse();
        ServerPacket.Publish stored =
                broker.client("later").subscribed("will", 2).expectPublish("will", "gone", qos);
        assertThat(stored.retain()).isTrue();
    }

    @Test
    @Tag("MQTT-3.1.2-17")
    @Tag("MQTT-3.3.1-10")
    void will_retainedAndEmpty_removesWhatWasRetained() {
        broker.client("p").publish("will", "kept", 1, true, 1, false).expectPuback(1);

        broker.lose(
                broker.connect(c -> c.clientId("c").will("will", "", 1, true)).expectConnack(0, false));

        broker.client("later").subscribed("will", 2).expectNothing();
    }

    @Test
    @Tag("MQTT-3.1.2-8")
    @Tag("MQTT-3.1.2-5")
    void will_isQueuedForSessionsThatAreOffline() {
        broker.persistent("q").subscribed("will", 1).disconnect().expectClosed();

        broker.lose(broker.connect(c -> c.clientId("c").will("will", "gone", 1, false))
                .expectConnack(0, false));

        broker.resumed("q").expectPublish("will", "gone", 1);
    }

    @Test
    @Tag("MQTT-3.1.2-8")
    void will_ofARefusedConnect_isNotPublished() {
        TestClient witness = broker.client("w").subscribed("will", 1);

        broker.connect(c -> c.clientId("").cleanSession(false).will("will", "gone", 1, false))
                .expectConnack(2, false)
                .expectClosed();

        witness.expectNothing();
    }

    @Test
    void will_notAuthorised_isRefusedWith5() {
        ControlledAuthorizer authorizer = new ControlledAuthorizer();
        authorizer.calls().answerEach(question -> !(question instanceof ControlledAuthorizer.Question.MayPublish));
        try (TestBroker guarded = TestBroker.start(b -> b.allowAnonymous().authorizer(authorizer))) {
            guarded.connect(c -> c.clientId("c").will("will", "gone", 1, false))
                    .expectConnack(5, false)
                    .expectClosed();
        }
    }

    @Test
    void will_ofABrokerThatStops_isNotPublished() {
        TestClient queued = broker.persistent("q").subscribed("will", 1);
        broker.connect(c -> c.clientId("c").will("will", "gone", 1, true)).expectConnack(0, false);

        broker.close();

        queued.expectClosed();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    @Tag("MQTT-3.1.2-8")
    @Tag("MQTT-4.6.0-6")
    void will_comesAfterWhatTheClientPublished(int loops) {
        try (TestBroker several = TestBroker.start(loops)) {
            TestClient witness = several.client("w").subscribed("t", 1);
            TestClient queued = several.persistent("q").subscribed("t", 1);
            TestClient client = several.connect(c -> c.clientId("c").will("t", "gone", 1, false))
                    .expectConnack(0, false);

            several.clock().stepManually();
            client.publish("t", "1", 1, 1).publish("t", "2", 1, 2);
            client.pipe().close();
            several.clock().stepAutomatically();
            several.clock().runUntilIdle();

            for (TestClient each : new TestClient[] {witness, queued}) {
                each.expectPublish("t", "1", 1);
                each.expectPublish("t", "2", 1);
                each.expectPublish("t", "gone", 1);
                each.expectNothing();
            }
        }
    }

    /** What the client published before waits for an upstream: the will waits too. */
    @Test
    @Tag("MQTT-3.1.2-8")
    @Tag("MQTT-4.6.0-6")
    void will_doesNotOvertakeAPublishThatIsNotSafeYet() {
        ControlledUpstream upstream = new ControlledUpstream();
        try (TestBroker slow = TestBroker.start(b -> b.allowAnonymous().upstream(TopicFilter.of("t"), upstream))) {
            TestClient queued = slow.persistent("q").subscribed("t", 1);
            TestClient client = slow.connect(c -> c.clientId("c").will("t", "gone", 1, false))
                    .expectConnack(0, false);
            client.publish("t", "1", 1, 1);
            slow.lose(client);

            upstream.take();

            queued.expectPublish("t", "1", 1);
            queued.expectPublish("t", "gone", 1);
        }
    }

    @Test
    @Tag("MQTT-3.1.2-8")
    void will_ofAClientThatIsGoneBeforeItsAnswer_isNotPublished() {
        ControlledAuthenticator authenticator = new ControlledAuthenticator();
        try (TestBroker guarded = TestBroker.start(b -> b.authenticator(authenticator))) {
            TestClient witness = guarded.connect(c -> c.clientId("w"));
            authenticator.accept();
            witness.expectConnack(0, false).subscribed("will", 1);
            guarded.reset(guarded.connect(c -> c.clientId("c").will("will", "gone", 1, false)));

            authenticator.accept();

            witness.expectNothing();
        }
    }
}
