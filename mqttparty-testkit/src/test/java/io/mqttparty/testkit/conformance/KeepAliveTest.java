package io.mqttparty.testkit.conformance;

import static io.mqttparty.testkit.Packets.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import io.mqttparty.MqttPartyBuilder;
import io.mqttparty.model.Limits;
import io.mqttparty.model.TopicFilter;
import io.mqttparty.spi.Counter;
import io.mqttparty.testkit.ControlledUpstream;
import io.mqttparty.testkit.LoopbackConnection;
import io.mqttparty.testkit.Packets;
import io.mqttparty.testkit.TestBroker;
import io.mqttparty.testkit.TestClient;
import java.time.Duration;
import java.util.Collections;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Section 3.1.2.10. The broker looks once a second: never early, at most a second late. */
final class KeepAliveTest {
    private final ControlledUpstream upstream = new ControlledUpstream();

    @AutoClose
    private final TestBroker broker = TestBroker.start(this::configure);

    private void configure(MqttPartyBuilder builder) {
        builder.allowAnonymous()
                .upstream(TopicFilter.of("up"), upstream)
                .limits(Limits.DEFAULTS.withPendingPublishes(1).withKeepAlive(Duration.ofHours(1)));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 10, 61, 600})
    @Tag("MQTT-3.1.2-24")
    void silence_forOneAndAHalfTimesTheKeepAlive_closes(int seconds) {
        TestClient client = connected(seconds);

        broker.advance(Duration.ofMillis(seconds * 1_500L - 1));
        client.expectNothing();
        broker.advance(Duration.ofMillis(1_001));

        client.expectClosed();
        assertThat(broker.count(Counter.KEEP_ALIVE_TIMEOUTS)).isOne();
        assertThat(broker.events().lines()).contains("disconnected c KEEP_ALIVE_TIMEOUT");
        broker.assertServes();
    }

    @Test
    @Tag("MQTT-3.1.2-23")
    void pings_withinTheKeepAlive_keepTheConnection() {
        TestClient client = connected(10);

        for (int i = 0; i < 50; i++) {
            broker.advance(Duration.ofSeconds(10));
            client.pingreq().expectPingresp();
        }
    }

    @Test
    @Tag("MQTT-3.1.2-24")
    void anyPacket_countsAsASignOfLife() {
        TestClient client = connected(10);

        for (int i = 0; i < 50; i++) {
            broker.advance(Duration.ofSeconds(14));
            client.publish("t", "x").expectNothing();
        }
    }

    @Test
    @Tag("MQTT-3.1.2-24")
    void packets_toTheClient_areNoSignOfLife() {
        TestClient client = connected(10).subscribed("t", 0);
        TestClient publisher = broker.client("p");

        for (int i = 0; i < 16; i++) {
            publisher.publish("t", "x");
            broker.advance(Duration.ofSeconds(1));
        }

        client.drain();
        client.expectClosed();
    }

    /** What counts is a packet, not a byte: a client that never completes one is closed. */
    @Test
    @Tag("MQTT-3.1.2-24")
    void bytes_thatCompleteNoPacket_areNoSignOfLife() {
        TestClient client = connected(10);
        byte[] large = Packets.publish("t", "x".repeat(1_000), 0, false, 0, false);

        for (int i = 0; i < 16; i++) {
            client.sendRaw(bytes(large[i]));
            broker.advance(Duration.ofSeconds(1));
        }

        client.expectClosed();
        assertThat(broker.count(Counter.KEEP_ALIVE_TIMEOUTS)).isOne();
    }

    /** A client that the broker does not read cannot give a sign of life. */
    @Test
    @Tag("MQTT-3.1.2-24")
    void silence_whileTheBrokerDoesNotRead_isNotTheClients() {
        TestClient client = connected(10);
        client.publish("up", "x", 1, 1).pingreq().expectNothing();

        broker.advance(Duration.ofSeconds(20));
        client.pingreq().expectNothing();
        upstream.take();

        client.expectPuback(1).expectPingresp().expectPingresp();
        broker.advance(Duration.ofSeconds(14));
        client.expectNothing();
        broker.advance(Duration.ofSeconds(20));
        client.expectClosed();
    }

    /** Only a client that does not read its answers is not read for its own fault, and may be gone. */
    @Test
    @Tag("MQTT-3.1.2-24")
    void silence_ofAClientThatDoesNotReadItsAnswers_closes() {
        TestClient client = connected(10);
        LoopbackConnection connection = (LoopbackConnection) client.pipe();
        connection.setWritable(false);
        for (int i = 0; i < 10_000 && connection.isBrokerReading(); i++) {
            connection.send(
                    Packets.concat(Collections.nCopies(100, Packets.pingreq()).toArray(byte[][]::new)));
        }
        assertThat(connection.isBrokerReading()).isFalse();

        broker.advance(Duration.ofSeconds(17));

        assertThat(connection.isOpen()).isFalse();
        assertThat(broker.count(Counter.KEEP_ALIVE_TIMEOUTS)).isOne();
    }

    /** Time before CONNECT does not count. */
    @Test
    @Tag("MQTT-3.1.2-24")
    void keepAlive_beginsWithConnect() {
        TestClient client = broker.raw();
        broker.advance(Duration.ofSeconds(9));
        client.connect(c -> c.clientId("c").keepAlive(4)).expectConnack(0, false);

        broker.advance(Duration.ofMillis(5_999));
        client.expectNothing();
        broker.advance(Duration.ofMillis(1_001));

        client.expectClosed();
    }

    @Test
    void keepAlive_none_leavesTheConnectionOpenUpToTheLimit() {
        TestClient client = connected(0);

        broker.advance(Duration.ofMinutes(89));
        client.expectNothing();
        broker.advance(Duration.ofMinutes(2));

        client.expectClosed();
    }

    @Test
    void keepAlive_beyondTheLimit_isTheLimit() {
        TestClient client = connected(65_535);

        broker.advance(Duration.ofMinutes(89));
        client.expectNothing();
        broker.advance(Duration.ofMinutes(2));

        client.expectClosed();
    }

    private TestClient connected(int keepAliveSeconds) {
        return broker.connect(c -> c.clientId("c").keepAlive(keepAliveSeconds)).expectConnack(0, false);
    }
}
