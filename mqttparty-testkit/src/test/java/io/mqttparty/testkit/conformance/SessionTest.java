package io.mqttparty.testkit.conformance;

import static io.mqttparty.testkit.Packets.publish;
import static org.assertj.core.api.Assertions.assertThat;

import io.mqttparty.MqttPartyBuilder;
import io.mqttparty.model.Limits;
import io.mqttparty.spi.Counter;
import io.mqttparty.testkit.ServerPacket;
import io.mqttparty.testkit.TestBroker;
import io.mqttparty.testkit.TestClient;
import java.time.Duration;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sections 3.1.2.4, 4.1 and 4.4: what outlives a connection, and what does not. */
final class SessionTest {
    @AutoClose
    private final TestBroker broker = TestBroker.start(SessionTest::configure);

    private static void configure(MqttPartyBuilder builder) {
        builder.allowAnonymous().limits(Limits.DEFAULTS.withReceiveMaximum(3).withSessionExpiry(Duration.ofHours(1)));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @Tag("MQTT-3.1.2-4")
    @Tag("MQTT-4.1.0-1")
    @Tag("MQTT-3.1.3-2")
    void persistentSession_keepsItsSubscriptions(boolean lost) {
        end(broker.persistent("c").subscribed("t", 1).subscribed("u", 0), lost);

        TestClient again = broker.resumed("c");
        broker.client("p").published("t", "1", 1).published("u", "2", 1);

        again.expectPublish("t", "1", 1);
        again.expectPublish("u", "2", 0);
        broker.persistent("another").expectNothing();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @Tag("MQTT-3.1.2-5")
    void persistentSession_offline_storesQos1And2InOrder(boolean lost) {
        end(broker.persistent("c").subscribed("t", 2), lost);
        broker.client("p").published("t", "1", 1).published("t", "2", 2).published("t", "3", 1);

        TestClient again = broker.resumed("c");

        assertThat(again.expectPublish("t", "1", 1).dup()).isFalse();
        assertThat(again.expectPublish("t", "2", 2).dup()).isFalse();
        assertThat(again.expectPublish("t", "3", 1).dup()).isFalse();
        again.expectNothing();
    }

    @Test
    @Tag("MQTT-3.1.2-5")
    void persistentSession_offline_deliversWhatWasStoredOnce() {
        end(broker.persistent("c").subscribed("t", 1), false);
        broker.client("p").published("t", "1", 1);
        TestClient again = broker.resumed("c");
        again.puback(again.expectPublish("t", "1", 1).packetId());
        end(again, true);

        broker.resumed("c").expectNothing();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @Tag("MQTT-3.1.2-6")
    void cleanSession_discardsTheEarlierState(boolean lost) {
        end(broker.persistent("c").subscribed("t", 1), lost);
        broker.client("p").published("t", "stored", 1);

        TestClient clean = broker.client("c");
        clean.expectNothing();
        broker.client("p2").published("t", "live", 1);
        clean.expectNothing();
        end(clean, lost);

        broker.persistent("c").expectNothing();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @Tag("MQTT-3.1.2-6")
    void cleanSession_isNeverReused(boolean lost) {
        end(broker.client("c").subscribed("t", 1), lost);
        broker.client("p").published("t", "x", 1);

        end(broker.client("c").expectNothing(), lost);
        TestClient persistent = broker.persistent("c");
        broker.client("p2").published("t", "y", 1);

        persistent.expectNothing();
    }

    @Test
    @Tag("MQTT-3.1.2-6")
    @Tag("MQTT-4.1.0-2")
    void cleanSession_publishesReceivedAtQos2_areForgottenWithTheConnection() {
        TestClient receiver = broker.client("r").subscribed("t", 2);
        TestClient publisher = broker.client("p").publish("t", "1", 2, 9).expectPubrec(9);
        end(publisher, true);

        broker.client("p").publish("t", "2", 2, 9).expectPubrec(9).pubrel(9).expectPubcomp(9);

        receiver.expectPublish("t", "1", 2);
        receiver.expectPublish("t", "2", 2);
    }

    @Test
    @Tag("MQTT-4.1.0-2")
    void session_lastsAsLongAsTheConnection() {
        TestClient client = broker.persistent("c").subscribed("t", 1);

        broker.advance(Duration.ofHours(10));
        broker.client("p").published("t", "x", 1);

        client.expectPublish("t", "x", 1);
        end(client, true);
        assertThat(broker.resumed("c").expectPublish("t", "x", 1).dup()).isTrue();
    }

    @Test
    @Tag("MQTT-4.1.0-1")
    void persistentSession_lastsUntilItExpires() {
        end(broker.persistent("c").subscribed("t", 1), true);
        broker.client("p").published("t", "x", 1);

        broker.advance(Duration.ofMinutes(59));
        end(broker.resumed("c"), true);
        broker.advance(Duration.ofMinutes(59));
        end(broker.resumed("c"), true);
        broker.advance(Duration.ofMinutes(61));

        broker.persistent("c").expectNothing();
        assertThat(broker.count(Counter.SESSIONS_EXPIRED)).isOne();
    }

    @Test
    @Tag("MQTT-4.4.0-1")
    @Tag("MQTT-2.3.1-4")
    @Tag("MQTT-3.3.1-1")
    @Tag("MQTT-4.6.0-1")
    void publishes_unacknowledged_areSentAgainInOrderWithTheirIdsAndDup() {
        TestClient client = broker.persistent("c").subscribed("t", 2);
        broker.client("p").published("t", "1", 1).published("t", "2", 2).published("t", "3", 1);
        int first = client.expectPublish("t", "1", 1).packetId();
        int second = client.expectPublish("t", "2", 2).packetId();
        int third = client.expectPublish("t", "3", 1).packetId();
        client.puback(first);
        end(client, true);

        for (int i = 0; i < 3; i++) {
            TestClient again = broker.resumed("c");
            ServerPacket.Publish one = again.expectPublish("t", "2", 2);
            ServerPacket.Publish two = again.expectPublish("t", "3", 1);
            again.expectNothing();
            assertThat(one.packetId()).isEqualTo(second);
            assertThat(one.dup()).isTrue();
            assertThat(two.packetId()).isEqualTo(third);
            assertThat(two.dup()).isTrue();
            end(again, i % 2 == 0);
        }
    }

    @Test
    @Tag("MQTT-3.3.1-1")
    @Tag("MQTT-4.6.0-1")
    void publishes_beyondTheWindow_comeAfterThoseSentAgainWithoutDup() {
        TestClient client = broker.persistent("c").subscribed("t", 1);
        TestClient publisher = broker.client("p");
        for (int i = 1; i <= 5; i++) {
            publisher.published("t", "m" + i, 1);
        }
        assertThat(client.drain()).hasSize(3);
        end(client, true);

        TestClient again = broker.resumed("c");

        for (int i = 1; i <= 3; i++) {
            ServerPacket.Publish came = again.expectPublish("t", "m" + i, 1);
            assertThat(came.dup()).isTrue();
            again.puback(came.packetId());
        }
        assertThat(again.expectPublish("t", "m4", 1).dup()).isFalse();
        assertThat(again.expectPublish("t", "m5", 1).dup()).isFalse();
        again.expectNothing();
    }

    @Test
    @Tag("MQTT-4.4.0-1")
    @Tag("MQTT-4.3.3-1")
    void pubrels_unanswered_areSentAgainWithTheirIds() {
        TestClient client = broker.persistent("c").subscribed("t", 2);
        broker.client("p").published("t", "1", 2).published("t", "2", 2).published("t", "3", 1);
        int first = client.expectPublish("t", "1", 2).packetId();
        int second = client.expectPublish("t", "2", 2).packetId();
        int third = client.expectPublish("t", "3", 1).packetId();
        client.pubrec(first).expectPubrel(first);
        client.pubrec(second).expectPubrel(second);
        end(client, true);

        TestClient again = broker.resumed("c").expectPubrel(first).expectPubrel(second);

        assertThat(again.expectPublish("t", "3", 1).packetId()).isEqualTo(third);
        again.pubcomp(first).pubcomp(second).puback(third).expectNothing();
        end(again, true);
        broker.resumed("c").expectNothing();
    }

    @Test
    @Tag("MQTT-4.4.0-1")
    @Tag("MQTT-4.3.3-1")
    void pubrec_lateOnTheNextConnection_isAnsweredAndThePublishNotSentAgain() {
        TestClient client = broker.persistent("c").subscribed("t", 2);
        broker.client("p").published("t", "1", 2);
        int id = client.expectPublish("t", "1", 2).packetId();
        end(client, true);

        TestClient again = broker.resumed("c");
        assertThat(again.expectPublish("t", "1", 2).dup()).isTrue();
        again.pubrec(id).expectPubrel(id);
        end(again, true);

        broker.resumed("c").expectPubrel(id).expectNothing();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @Tag("MQTT-4.3.3-2")
    @Tag("MQTT-4.1.0-1")
    @Tag("MQTT-2.3.1-3")
    void publishReceivedAtQos2_againOnTheNextConnection_isNotDeliveredAgain(boolean lost) {
        TestClient receiver = broker.client("r").subscribed("t", 2);
        end(broker.persistent("p").publish("t", "x", 2, 9).expectPubrec(9), lost);

        TestClient again = broker.resumed("p");
        again.sendRaw(publish("t", "x", 2, false, 9, true)).expectPubrec(9);
        again.pubrel(9).expectPubcomp(9);
        again.publish("t", "y", 2, 9).expectPubrec(9);

        receiver.expectPublish("t", "x", 2);
        receiver.expectPublish("t", "y", 2);
        receiver.expectNothing();
    }

    @Test
    @Tag("MQTT-4.4.0-1")
    void pubrel_onTheNextConnection_isAnsweredAsOftenAsItComes() {
        end(broker.persistent("p").publish("t", "x", 2, 9).expectPubrec(9), true);

        TestClient again =
                broker.resumed("p").pubrel(9).expectPubcomp(9).pubrel(9).expectPubcomp(9);
        end(again, true);

        broker.resumed("p").pubrel(9).expectPubcomp(9).expectNothing();
    }

    @Test
    @Tag("MQTT-4.3.3-2")
    @Tag("MQTT-4.4.0-1")
    void pubrel_onTheNextConnection_freesTheId() {
        TestClient receiver = broker.client("r").subscribed("t", 2);
        end(broker.persistent("p").publish("t", "1", 2, 9).expectPubrec(9), true);

        TestClient again = broker.resumed("p").pubrel(9).expectPubcomp(9);
        again.publish("t", "2", 2, 9).expectPubrec(9);

        receiver.expectPublish("t", "1", 2);
        receiver.expectPublish("t", "2", 2);
        receiver.expectNothing();
    }

    @Test
    @Tag("MQTT-2.3.1-2")
    @Tag("MQTT-4.3.2-1")
    void packetIds_afterAReconnect_avoidThoseInUse() {
        TestClient client = broker.persistent("c").subscribed("t", 1);
        TestClient publisher = broker.client("p").published("t", "1", 1);
        int first = client.expectPublish("t", "1", 1).packetId();
        end(client, true);

        TestClient again = broker.resumed("c");
        publisher.published("t", "2", 1);

        assertThat(again.expectPublish("t", "1", 1).packetId()).isEqualTo(first);
        assertThat(again.expectPublish("t", "2", 1).packetId()).isNotEqualTo(first);
    }

    @Test
    @Tag("MQTT-3.1.2-4")
    void packetIds_ofANewSession_startAt1() {
        end(broker.persistent("c").subscribed("t", 1), true);
        broker.client("p").published("t", "old", 1);
        end(broker.client("c"), false);

        TestClient fresh = broker.persistent("c").subscribed("t", 1);
        broker.client("p2").published("t", "new", 1);

        assertThat(fresh.expectPublish("t", "new", 1).packetId()).isOne();
    }

    private void end(TestClient client, boolean lost) {
        if (lost) {
            broker.lose(client);
        } else {
            client.disconnect().expectClosed();
        }
    }
}
