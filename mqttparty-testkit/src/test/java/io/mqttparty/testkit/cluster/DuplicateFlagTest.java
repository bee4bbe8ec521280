package io.mqttparty.testkit.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttparty.model.Limits;
import io.mqttparty.spi.SessionStore;
import io.mqttparty.testkit.Packets;
import io.mqttparty.testkit.ServerPacket;
import io.mqttparty.testkit.TestClient;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** F13: what may have been sent before goes out with DUP, also when the owner died without a word. */
class DuplicateFlagTest {
    private final ClusterScene scene = ClusterScene.of(3, Limits.DEFAULTS.withQueueMessages(80));
    private final ClusterNode a = scene.node(0);
    private final ClusterNode b = scene.node(1);
    private final ClusterNode c = scene.node(2);
    private final TestClient publisher = a.client("p");

    @AfterEach
    void stop() {
        scene.close();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @Tag("MQTT-3.3.1-1")
    void resume_ownerDiedWithAcknowledgedHeadAndOpenTail_allHaveDup(boolean noticed) {
        TestClient subscriber = b.persistent("s").subscribed("t", 1);
        b.backend().calls("acknowledge").holdRequests(); // they wait in a buffer, and die there
        publish(1, 6);
        List<ServerPacket.Publish> first = receive(subscriber, 6);
        first.subList(0, 3).forEach(each -> subscriber.puback(each.packetId()));
        b.kill();
        publish(7, 8); // never sent, but who knows
        if (noticed) {
            b.backend().bus().reap();
        }

        TestClient resumed = c.resumed("s");
        List<ServerPacket.Publish> again = receive(resumed, 8);
        publish(9, 9);

        assertThat(again).allMatch(ServerPacket.Publish::dup);
        assertThat(again)
                .extracting(ServerPacket.Publish::text)
                .containsExactly("1", "2", "3", "4", "5", "6", "7", "8");
        assertThat(again.subList(0, 6))
                .extracting(ServerPacket.Publish::packetId)
                .isEqualTo(first.stream().map(ServerPacket.Publish::packetId).toList());
        assertThat(resumed.expectPublish("t", "9", 1).dup()).isFalse();
    }

    @Test
    @Tag("MQTT-3.3.1-1")
    void resume_ownerSaidHowFarItHadSent_onlyThatHasDup() {
        TestClient subscriber = b.persistent("s").subscribed("t", 1);
        publish(1, 3);
        receive(subscriber, 3);
        subscriber.disconnect().expectClosed();
        publish(4, 5);

        List<ServerPacket.Publish> again = receive(c.resumed("s"), 5);

        assertThat(again).extracting(ServerPacket.Publish::dup).containsExactly(true, true, true, false, false);
    }

    @Test // min(256, 80 / 8)
    void acknowledgements_ofOneTurn_areOneCallAndTheWatermarkComesEveryTenth() {
        List<Integer> batches = new ArrayList<>();
        List<List<Object>> watermarks = new ArrayList<>();
        TestClient subscriber = b.persistent("s").subscribed("t", 1);
        b.backend().calls("acknowledge").replace((arguments, store) -> {
            batches.add(((long[]) arguments[1]).length);
            return store.apply(arguments);
        });
        b.backend().calls("watermark").replace((arguments, store) -> {
            watermarks.add(List.of(arguments[1], arguments[2]));
            return store.apply(arguments);
        });
        publish(1, 20);
        List<ServerPacket.Publish> received = receive(subscriber, 20);

        subscriber.sendRaw(Packets.concat(
                received.stream().map(each -> Packets.puback(each.packetId())).toArray(byte[][]::new)));

        long before = SessionStore.FIRST_SEQ - 1;
        assertThat(batches).containsExactly(20);
        assertThat(watermarks).containsExactly(List.of(before + 20, before + 10), List.of(before + 20, before + 20));
    }

    private void publish(int from, int to) {
        IntStream.rangeClosed(from, to).forEach(i -> publisher.published("t", "" + i, 1));
    }

    private static List<ServerPacket.Publish> receive(TestClient client, int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> client.expect(ServerPacket.Publish.class))
                .toList();
    }
}
