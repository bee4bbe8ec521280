package io.mqttparty.testkit.robustness;

import static io.mqttparty.testkit.robustness.Scene.connectionOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.mqttparty.spi.Counter;
import io.mqttparty.testkit.LoopbackConnection;
import io.mqttparty.testkit.Packets;
import io.mqttparty.testkit.TestClient;
import java.util.Arrays;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** One session of a client as bytes, on a bad wire: cut into pieces, cut off at each byte, with each bit turned. */
class WireFaultTest {
    private static final byte[] SESSION = Packets.concat(
            Packets.connect(
                    c -> c.clientId("wire").cleanSession(false).keepAlive(60).will("w", "will", 1, false)),
            Packets.subscribe(1, "t/#", 2),
            Packets.publish("t/0", "at most once", 0, false, 0, false),
            Packets.publish("t/1", "at least once", 1, false, 2, false),
            Packets.publish("t/2", "exactly once", 2, true, 3, false),
            Packets.pubrel(3),
            Packets.unsubscribe(4, "t/#"),
            Packets.pingreq(),
            Packets.disconnect());

    @AutoClose
    private final Scene scene = Scene.start();

    @Test
    void session_inPiecesOfEachSize_sameAnswers() {
        byte[] whole = answers(SESSION.length);
        assertThat(whole.length).isGreaterThan(80);
        for (int size = 1; size < SESSION.length; size++) {
            assertThat(answers(size)).as("in pieces of %s", size).isEqualTo(whole);
        }
        scene.assertOthersGoOn();
    }

    private byte[] answers(int size) {
        scene.client("wire").disconnect().expectClosed(); // a clean session: whatever was there is gone
        scene.client("cleaner")
                .publish("t/2", "", 0, true, 0, false)
                .disconnect()
                .expectClosed();
        LoopbackConnection pipe = scene.connection();
        pipe.sendCut(SESSION, size);
        byte[] answers = pipe.awaitBytes();
        assertThat(pipe.isOpen()).isFalse();
        return answers;
    }

    @Test
    void session_cutOffAtEachByte_othersGoOn() {
        TestClient watcher = scene.client("watcher").subscribed("w", 0);
        int connectLength = 2 + SESSION[1];
        for (int length = 0; length < SESSION.length; length++) {
            TestClient client = scene.raw();
            connectionOf(client).sendCut(Arrays.copyOf(SESSION, length), SESSION.length);
            connectionOf(client).resetByPeer();
            if (length >= connectLength) {
                watcher.expectPublish("w", "will");
            }
            watcher.expectNothing();
        }
        assertThat(scene.broker().connections()).isEqualTo(2);
        assertThat(scene.count(Counter.MALFORMED_PACKETS) + scene.count(Counter.PROTOCOL_VIOLATIONS))
                .isZero();
        scene.assertOthersGoOn();
    }

    @Test
    void session_withEachBitTurned_neverMoreThanItsOwnEnd() {
        for (int bit = 0; bit < SESSION.length * 8; bit++) {
            byte[] turned = SESSION.clone();
            turned[bit / 8] ^= (byte) (1 << bit % 8);
            LoopbackConnection pipe = scene.connection();
            pipe.send(turned);
            pipe.awaitBytes();
            if (pipe.isOpen()) {
                pipe.resetByPeer();
            }
        }
        scene.advanceSeconds(10);
        assertThat(scene.broker().connections())
                .as("only the innocent client is left")
                .isEqualTo(1);
        assertThat(scene.count(Counter.MALFORMED_PACKETS)).isGreaterThan(100);
        scene.assertOthersGoOn();
    }
}
