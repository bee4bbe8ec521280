package io.mqttparty.testkit.robustness;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttparty.model.Limits;
import io.mqttparty.model.ReasonCode;
import io.mqttparty.spi.Counter;
import io.mqttparty.testkit.BrokerEvent;
import io.mqttparty.testkit.LoopbackConnection;
import io.mqttparty.testkit.Packets;
import io.mqttparty.testkit.ServerPacket;
import io.mqttparty.testkit.TestClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** How many connections there may be, how long they may take, and what a client id may look like. */
class ConnectionLimitsTest {
    // ---- client ids ----

    @Test
    @Tag("MQTT-3.1.3-8")
    @Tag("MQTT-3.2.2-5")
    void connect_emptyClientIdAndPersistent_refusedAndClosed() {
        try (Scene scene = Scene.start()) {
            TestClient.connect(scene.connection(), c -> c.cleanSession(false))
                    .expectConnack(2, false)
                    .expectClosed();

            assertThat(scene.count(Counter.CONNECTS_REFUSED)).isEqualTo(1);
            scene.assertOthersGoOn();
        }
    }

    @Test
    @Tag("MQTT-3.1.3-9")
    void connect_clientIdTooLong_refusedAndClosed() {
        try (Scene scene = Scene.start()) {
            TestClient.connected(scene.connection(), "é".repeat(128)).pingreq().expectPingresp();
            TestClient.connect(scene.connection(), c -> c.clientId("é".repeat(128) + "x"))
                    .expectConnack(2, false)
                    .expectClosed();
            TestClient.connect(scene.connection(), c -> c.clientId("x".repeat(8000)))
                    .expectConnack(2, false)
                    .expectClosed();

            assertThat(scene.count(Counter.CONNECTS_REFUSED)).isEqualTo(2);
            assertThat(scene.events().events(BrokerEvent.Rejected.class))
                    .allMatch(e -> e.reason() == ReasonCode.CLIENT_IDENTIFIER_NOT_VALID);
            scene.assertOthersGoOn();
        }
    }

    @Test
    @Tag("MQTT-3.1.2-2")
    void connect_unknownLevel_refusedWith1AndNothingBehindItIsRead() {
        try (Scene scene = Scene.start()) {
            TestClient watcher = scene.client("watcher").subscribed("t", 0);
            byte[] both = Packets.concat(
                    Packets.connect(c -> c.clientId("a").protocolLevel(6)),
                    Packets.publish("t", "x", 0, false, 0, false));

            scene.raw().sendRaw(both).expectConnack(1, false).expectClosed();

            watcher.expectNothing();
            scene.assertOthersGoOn();
        }
    }

    @Test
    void connect_refusedAndPublishInOneSegment_publishNotProcessed() {
        try (Scene scene = Scene.start()) {
            TestClient watcher = scene.client("watcher").subscribed("t", 0);
            byte[] both = Packets.concat(
                    Packets.connect(c -> c.cleanSession(false)), Packets.publish("t", "x", 0, false, 0, false));

            scene.raw().sendRaw(both).expectConnack(2, false).expectClosed();

            watcher.expectNothing();
        }
    }

    // ---- time ----

    @Test
    void connection_silent_closedAfterTheConnectTimeout() {
        try (Scene scene = Scene.start()) {
            TestClient silent = scene.raw();
            scene.advanceSeconds(9.9);
            silent.expectNothing();
            scene.advanceSeconds(1.2);
            silent.expectClosed();

            assertThat(scene.count(Counter.CONNECT_TIMEOUTS)).isEqualTo(1);
            scene.assertOthersGoOn();
        }
    }

    @Test
    void connect_oneByteASecond_closedAfterTheConnectTimeoutInAll() {
        try (Scene scene = Scene.start()) {
            byte[] connect = Packets.connect(c -> c.clientId("a-client-that-takes-its-time"));
            TestClient slow = scene.raw();
            for (int i = 0; i < 11; i++) {
                slow.sendRaw(new byte[] {connect[i]});
                scene.advanceSeconds(1);
            }
            slow.expectClosed();

            assertThat(scene.count(Counter.CONNECT_TIMEOUTS)).isEqualTo(1);
            scene.assertOthersGoOn();
        }
    }

    @Test
    void publish_oneByteASecond_deliveredAndNobodyWaitsForIt() {
        try (Scene scene = Scene.start()) {
            TestClient watcher = scene.client("watcher").subscribed("t", 0);
            TestClient slow = TestClient.connect(
                            scene.connection(), c -> c.clientId("slow").keepAlive(60))
                    .expectConnack(0, false);
            for (byte each : Packets.publish("t", "slow but alive", 1, false, 1, false)) {
                slow.sendRaw(new byte[] {each});
                scene.advanceSeconds(1);
                scene.assertOthersGoOn();
            }
            slow.expectPuback(1);
            watcher.expectPublish("t", "slow but alive");
        }
    }

    @Test
    @Tag("MQTT-3.1.2-24")
    void client_silentForOneAndAHalfKeepAlive_closedAndCounted() {
        try (Scene scene = Scene.start()) {
            TestClient client = TestClient.connect(
                            scene.connection(), c -> c.clientId("c").keepAlive(10))
                    .expectConnack(0, false);
            scene.advanceSeconds(14.9);
            client.pingreq().expectPingresp();
            scene.advanceSeconds(14.9);
            client.expectNothing();
            scene.advanceSeconds(1.2);
            client.expectClosed();

            assertThat(scene.count(Counter.KEEP_ALIVE_TIMEOUTS)).isEqualTo(1);
            assertThat(scene.events().lines()).contains("disconnected c KEEP_ALIVE_TIMEOUT");
            scene.assertOthersGoOn();
        }
    }

    @Test
    void client_asksForNoKeepAlive_theLimitHolds() {
        assertClosedAfterTheLimit(0);
    }

    @Test
    void client_asksForALongerKeepAlive_theLimitHolds() {
        assertClosedAfterTheLimit(65_535);
    }

    private static void assertClosedAfterTheLimit(int asked) {
        try (Scene scene = Scene.limited(l -> l.withKeepAlive(Duration.ofSeconds(60)))) {
            TestClient client = TestClient.connect(
                            scene.connection(), c -> c.clientId("c").keepAlive(asked))
                    .expectConnack(0, false);
            scene.advanceSeconds(60);
            scene.assertOthersGoOn();
            scene.advanceSeconds(29.9);
            client.expectNothing();
            scene.advanceSeconds(1.2);
            client.expectClosed();

            assertThat(scene.count(Counter.KEEP_ALIVE_TIMEOUTS)).isEqualTo(1);
            scene.assertOthersGoOn();
        }
    }

    @Test
    void client_asksForAShorterKeepAlive_itsOwnHolds() {
        try (Scene scene = Scene.limited(l -> l.withKeepAlive(Duration.ofSeconds(60)))) {
            TestClient client = TestClient.connect(
                            scene.connection(), c -> c.clientId("c").keepAlive(10))
                    .expectConnack(0, false);
            scene.advanceSeconds(16.1);
            client.expectClosed();
        }
    }

    // ---- numbers ----

    @Test
    void connections_tenThousandThatNeverSpeak_oldestClosedFirstAndOthersGoOn() {
        try (Scene scene = Scene.limited(l -> l.withUnauthenticatedConnections(1_000))) {
            List<LoopbackConnection> silent = new ArrayList<>();
            for (int i = 0; i < 10_000; i++) {
                silent.add(scene.connection());
            }
            assertThat(silent.subList(0, 9_000)).noneMatch(LoopbackConnection::isOpen);
            assertThat(silent.subList(9_000, 10_000)).allMatch(LoopbackConnection::isOpen);
            assertThat(scene.events().events(BrokerEvent.Rejected.class))
                    .hasSize(9_000)
                    .allMatch(e -> e.reason() == ReasonCode.SERVER_BUSY);
            scene.assertOthersGoOn();
            scene.client("newcomer").pingreq().expectPingresp();

            scene.advanceSeconds(8);
            scene.assertOthersGoOn();
            scene.advanceSeconds(3.2);
            assertThat(silent).noneMatch(LoopbackConnection::isOpen);
            assertThat(scene.count(Counter.CONNECT_TIMEOUTS)).isEqualTo(999); // the newcomer took one's place
        }
    }

    @Test
    void connections_atTheLimit_nextClosedAtOnceAndCounted() {
        try (Scene scene =
                Scene.limited(l -> l.withUnauthenticatedConnections(3).withConnections(3))) {
            TestClient second = scene.client("second");
            TestClient third = scene.client("third");

            TestClient.connect(scene.connection(), c -> c.clientId("fourth")).expectClosed();
            assertThat(scene.count(Counter.CONNECTIONS_OVER_LIMIT)).isEqualTo(1);
            assertThat(scene.broker().connections()).isEqualTo(3);

            third.disconnect().expectClosed();
            scene.client("fifth").pingreq().expectPingresp();
            second.pingreq().expectPingresp();
            scene.assertOthersGoOn();
        }
    }

    @Test
    void connectPacket_upToTheLimit_accepted() {
        try (Scene scene = Scene.start()) {
            int header = Packets.connect(c -> c.clientId("c").username("u").password("")).length + 1;
            byte[] largest = Packets.connect(c ->
                    c.clientId("c").username("u").password("p".repeat(Limits.DEFAULTS.connectPacketBytes() - header)));
            assertThat(largest).hasSize(Limits.DEFAULTS.connectPacketBytes());

            scene.raw().sendRaw(largest).expectConnack(0, false);
        }
    }

    @Test
    void publishPacket_upToTheLimit_delivered() {
        try (Scene scene = Scene.start()) {
            TestClient client = scene.client("c").subscribed("t", 0);
            byte[] payload = new byte[Limits.DEFAULTS.packetBytes() - 4 - 3];

            client.sendRaw(Packets.publish("t", payload, 0, false, 0, false));

            assertThat(client.expect(ServerPacket.Publish.class).payload().size())
                    .isEqualTo(payload.length);
        }
    }
}
