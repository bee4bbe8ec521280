package io.mqttparty.testkit.conformance;

import static io.mqttparty.testkit.Packets.bytes;
import static io.mqttparty.testkit.Packets.concat;
import static io.mqttparty.testkit.Packets.packet;
import static io.mqttparty.testkit.Packets.pingreq;

import io.mqttparty.spi.Counter;
import io.mqttparty.testkit.TestBroker;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Section 3.12. */
final class PingTest {
    @AutoClose
    private final TestBroker broker = TestBroker.start();

    @Test
    @Tag("MQTT-3.12.4-1")
    void pingreq_whenConnected_isAnswered() {
        broker.client("a").pingreq().expectPingresp().expectNothing();
    }

    @Test
    @Tag("MQTT-3.12.4-1")
    void pingreqs_inOneRead_areAnsweredOneByOne() {
        broker.client("a")
                .sendRaw(concat(pingreq(), pingreq(), pingreq()))
                .expectPingresp()
                .expectPingresp()
                .expectPingresp()
                .expectNothing();
    }

    @Test
    @Tag("MQTT-4.8.0-1")
    void pingreq_withBody_closes() {
        broker.assertBroken(broker.client("a").sendRaw(packet(12, 0, bytes(0))), Counter.MALFORMED_PACKETS);
    }
}
