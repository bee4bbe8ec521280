package io.mqttparty.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttparty.MqttParty;
import io.mqttparty.netty.NettyTransport;
import io.mqttparty.spi.Counter;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;

/** Many messages over real sockets, with the limits that a broker has when nobody sets any. The clients check each message. */
class MillionMessagesIT {
    private static final int PAIRS = 100;
    private static final int MESSAGES = 1_000_000;

    @Test
    void millionMessages_qos1HundredPairs_eachOnceInOrder() throws IOException {
        Scenario scenario = new Scenario("million", "QoS 1, 100 pairs", PAIRS, PAIRS, 1, 64, 100, 0);
        try (MqttParty broker = MqttParty.builder()
                .listener(NettyTransport.tcp(0).host("127.0.0.1"))
                .allowAnonymous()
                .build()) {
            broker.start().toCompletableFuture().join();
            try (Flow flow =
                    new Flow(scenario, new InetSocketAddress(InetAddress.getLoopbackAddress(), broker.port()))) {
                flow.runUntilSent(MESSAGES / PAIRS);

                assertThat(flow.sent()).isEqualTo(MESSAGES);
                assertThat(flow.received()).isEqualTo(MESSAGES);
                assertThat(flow.lost()).as("lost").isZero();
                assertThat(flow.repeated()).as("repeated or out of order").isZero();
                assertThat(broker.count(Counter.PUBLISHES_RECEIVED)).isEqualTo(MESSAGES);
                assertThat(broker.count(Counter.PUBLISHES_SENT)).isEqualTo(MESSAGES);
                assertThat(broker.connections()).isEqualTo(2 * PAIRS);
            }
        }
    }
}
