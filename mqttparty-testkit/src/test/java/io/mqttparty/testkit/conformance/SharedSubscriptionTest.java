package io.mqttparty.testkit.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttparty.spi.Counter;
import io.mqttparty.testkit.ServerPacket;
import io.mqttparty.testkit.TestBroker;
import io.mqttparty.testkit.TestClient;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Shared subscriptions, which MQTT 3.1.1 does not know: each message goes to one member of each group. */
final class SharedSubscriptionTest {
    @AutoClose
    private final TestBroker broker = TestBroker.start(2);

    @ParameterizedTest
    @CsvSource({"0, true", "1, true", "2, true", "1, false", "2, false"})
    void group_getsEachMessageOnce(int qos, boolean cleanSession) {
        List<TestClient> members = IntStream.range(0, 3)
                .mapToObj(i -> client("m" + i, cleanSession).subscribed("$share/g/t", qos))
                .toList();
        TestClient publisher = broker.client("p");

        List<String> sent = IntStream.range(0, 30).mapToObj(i -> "m" + i).toList();
        sent.forEach(payload -> publisher.published("t", payload, qos));

        List<String> received = new ArrayList<>();
        for (TestClient member : members) {
            List<String> own = texts(member);
            assertThat(own).isNotEmpty();
            received.addAll(own);
        }
        assertThat(received).containsExactlyInAnyOrderElementsOf(sent);
    }

    @Test
    void groups_getEachMessageBothAndBesidesSubscriptionsOfTheirOwn() {
        TestClient one = broker.client("1").subscribed("$share/g/t/+", 1);
        TestClient two = broker.client("2").subscribed("$share/h/t/+", 1);
        TestClient own = broker.client("3").subscribed("t/+", 1);

        broker.client("p").published("t/a", "x", 1);

        Stream.of(one, two, own).forEach(client -> {
            client.expectPublish("t/a", "x", 1);
            client.expectNothing();
        });
    }

    @Test
    void member_thatLeft_getsNothing() {
        TestClient stays = broker.client("stays").subscribed("$share/g/t", 1);
        TestClient unsubscribes = broker.client("unsubscribes").subscribed("$share/g/t", 1);
        TestClient lost = broker.client("lost").subscribed("$share/g/t", 1);

        unsubscribes.unsubscribe(9, "$share/g/t").expectUnsuback(9);
        broker.lose(lost);
        TestClient publisher = broker.client("p");
        IntStream.range(0, 10).forEach(i -> publisher.published("t", "x", 1));

        assertThat(texts(stays)).hasSize(10);
        unsubscribes.expectNothing();
    }

    @Test
    void member_thatIsOffline_isPassedOverWhileAnotherIsConnected() {
        TestClient online = broker.persistent("online").subscribed("$share/g/t", 1);
        broker.persistent("offline").subscribed("$share/g/t", 1).disconnect().expectClosed();
        TestClient publisher = broker.client("p");

        IntStream.range(0, 10).forEach(i -> publisher.published("t", "x", 1));

        assertThat(texts(online)).hasSize(10);
    }

    @Test
    void group_ofWhichAllAreOffline_storesForOne() {
        broker.persistent("a").subscribed("$share/g/t", 1).disconnect().expectClosed();
        broker.persistent("b").subscribed("$share/g/t", 1).disconnect().expectClosed();

        broker.client("p").published("t", "x", 1);

        List<String> received = new ArrayList<>(texts(broker.resumed("a")));
        received.addAll(texts(broker.resumed("b")));
        assertThat(received).containsExactly("x");
    }

    @ParameterizedTest
    @ValueSource(strings = {"$share", "$share/g", "$share/g/", "$share//t", "$share/g+/t", "$share/#/t", "$share/g/t#"})
    void filter_thatIsNoSharedOne_closes(String filter) {
        broker.assertBroken(broker.client("c").subscribe(1, filter, 0), Counter.MALFORMED_PACKETS);
    }

    @Test
    void topic_thatLooksShared_isNotPublished() {
        TestClient receiver = broker.client("r").subscribed("$share/g/t", 0);

        broker.client("p").published("$share/g/t", "x", 1);

        receiver.expectNothing();
    }

    private TestClient client(String id, boolean cleanSession) {
        return cleanSession ? broker.client(id) : broker.persistent(id);
    }

    private static List<String> texts(TestClient client) {
        return client.drain().stream()
                .map(each -> ((ServerPacket.Publish) each).text())
                .toList();
    }
}
