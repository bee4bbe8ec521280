package io.mqttparty.testkit.robustness;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttparty.spi.Counter;
import io.mqttparty.testkit.LoopbackCounters;
import io.mqttparty.testkit.TestBroker;
import io.mqttparty.testkit.TestClient;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** The broker counts what its transport has counted. */
final class TrafficCounterTest {
    @AutoClose
    private final TestBroker broker = TestBroker.start();

    private void assertAgree() {
        LoopbackCounters seen = broker.transport().counters();
        assertThat(broker.count(Counter.READS)).isEqualTo(seen.reads());
        assertThat(broker.count(Counter.BYTES_RECEIVED)).isEqualTo(seen.bytesRead());
        assertThat(broker.count(Counter.WRITES)).isEqualTo(seen.writes());
        assertThat(broker.count(Counter.BYTES_SENT)).isEqualTo(seen.bytesWritten());
        assertThat(broker.count(Counter.FLUSHES)).isEqualTo(seen.flushes());
    }

    @Test
    void traffic_ofAllKinds_isCountedAsTheTransportSeesIt() {
        TestClient subscriber = broker.client("s").subscribed("t/+", 1);
        TestClient publisher = broker.client("p");
        for (int qos = 0; qos <= 2; qos++) {
            publisher.published("t/x", "m".repeat(1_000), qos);
        }
        publisher.published("nobody", "m", 1);
        subscriber.drain();

        assertAgree();
        assertThat(broker.count(Counter.BYTES_RECEIVED)).isGreaterThan(3_000);
        assertThat(broker.count(Counter.BYTES_SENT)).isGreaterThan(3_000);
        assertThat(broker.count(Counter.PUBLISHES_RECEIVED)).isEqualTo(4);
        assertThat(broker.count(Counter.PUBLISHES_SENT)).isEqualTo(3);
    }

    @Test
    void connections_openedAndClosed_areCounted() {
        TestClient one = broker.client("one");
        TestClient two = broker.client("two");
        assertThat(broker.count(Counter.CONNECTIONS_OPENED)).isEqualTo(2);
        assertThat(broker.count(Counter.CONNECTIONS_CLOSED)).isZero();

        one.disconnect().expectClosed();
        broker.lose(two);

        assertThat(broker.count(Counter.CONNECTIONS_OPENED)).isEqualTo(2);
        assertThat(broker.count(Counter.CONNECTIONS_CLOSED)).isEqualTo(2);
        assertAgree();
    }
}
