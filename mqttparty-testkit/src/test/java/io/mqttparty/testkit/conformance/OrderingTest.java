package io.mqttparty.testkit.conformance;

import static io.mqttparty.testkit.Packets.concat;
import static io.mqttparty.testkit.Packets.publish;
import static org.assertj.core.api.Assertions.assertThat;

import io.mqttparty.model.Limits;
import io.mqttparty.model.TopicFilter;
import io.mqttparty.testkit.ControlledAuthorizer;
import io.mqttparty.testkit.ControlledUpstream;
import io.mqttparty.testkit.ServerPacket;
import io.mqttparty.testkit.TestBroker;
import io.mqttparty.testkit.TestClient;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Section 4.6, on one event loop and across several. */
final class OrderingTest {
    private static final int MESSAGES = 200;

    @ParameterizedTest
    @CsvSource({"1, 0", "1, 1", "1, 2", "2, 0", "2, 1", "2, 2", "3, 1"})
    @Tag("MQTT-4.6.0-5")
    @Tag("MQTT-4.6.0-6")
    @Tag("MQTT-4.5.0-1")
    void messages_ofEachPublisher_reachEverySubscriberInTheirOrder(int loops, int qos) {
        try (TestBroker broker = TestBroker.start(loops)) {
            List<TestClient> receivers = new ArrayList<>();
            for (int i = 0; i < loops; i++) {
                receivers.add(broker.client("clean-" + i).subscribed("t/#", qos).acknowledgeAll());
                receivers.add(broker.persistent("persistent-" + i)
                        .subscribed("t/#", qos)
                        .acknowledgeAll());
            }
            List<TestClient> publishers = IntStream.range(0, 3)
                    .mapToObj(i -> broker.client("p" + i).acknowledgeAll())
                    .toList();

            broker.clock().stepManually();
            for (int i = 0; i < MESSAGES; i++) {
                for (int p = 0; p < publishers.size(); p++) {
                    publishers.get(p).publish("t/" + p, "" + i, qos, qos == 0 ? 0 : i + 1);
                }
            }
            broker.clock().stepAutomatically();
            broker.clock().runUntilIdle();
            publishers.forEach(TestClient::drain);

            for (TestClient receiver : receivers) {
                List<ServerPacket.Publish> received = drainAll(receiver);
                for (int p = 0; p < publishers.size(); p++) {
                    String topic = "t/" + p;
                    assertThat(received.stream()
                                    .filter(each -> each.topic().equals(topic))
                                    .map(ServerPacket.Publish::text))
                            .as("%s at QoS %d", topic, qos)
                            .containsExactlyElementsOf(IntStream.range(0, MESSAGES)
                                    .mapToObj(String::valueOf)
                                    .toList());
                }
            }
        }
    }

    /** Topics, and QoS 1 and 2, are not ordered among each other by the standard; here they are. */
    @ParameterizedTest
    @CsvSource({"1, true", "1, false", "2, true", "2, false"})
    @Tag("MQTT-4.6.0-5")
    void messages_ofSeveralTopicsAtQos1And2_keepTheirOrder(int loops, boolean cleanSession) {
        try (TestBroker broker = TestBroker.start(loops)) {
            TestClient receiver = broker.connect(c -> c.clientId("r").cleanSession(cleanSession))
                    .expectConnack(0, false)
                    .subscribed("#", 2)
                    .acknowledgeAll();
            TestClient publisher = broker.client("p").acknowledgeAll();
            byte[][] packets = IntStream.range(0, MESSAGES)
                    .mapToObj(i -> publish("t/" + i % 7, "" + i, 1 + i % 2, false, i + 1, false))
                    .toArray(byte[][]::new);

            publisher.sendRaw(concat(packets)).drain();

            assertThat(drainAll(receiver))
                    .extracting(ServerPacket.Publish::text)
                    .containsExactlyElementsOf(IntStream.range(0, MESSAGES)
                            .mapToObj(String::valueOf)
                            .toList());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    @Tag("MQTT-4.6.0-1")
    @Tag("MQTT-4.6.0-6")
    void queue_thatGrowsWhileItIsDelivered_keepsItsOrder(int loops) {
        try (TestBroker broker = TestBroker.start(loops)) {
            broker.persistent("r").subscribed("t", 1).disconnect().expectClosed();
            TestClient publisher = broker.client("p");
            IntStream.range(0, 100).forEach(i -> publisher.published("t", "" + i, 1));

            TestClient receiver = broker.resumed("r");
            List<ServerPacket.Publish> received = new ArrayList<>();
            for (int i = 100; i < MESSAGES; i++) {
                publisher.published("t", "" + i, 1);
                ServerPacket.Publish next = receiver.expect(ServerPacket.Publish.class);
                received.add(next);
                receiver.puback(next.packetId());
            }
            receiver.acknowledgeAll();
            for (ServerPacket each : receiver.drain()) {
                received.add((ServerPacket.Publish) each);
            }
            received.addAll(drainAll(broker, receiver));

            assertThat(received)
                    .extracting(ServerPacket.Publish::text)
                    .containsExactlyElementsOf(IntStream.range(0, MESSAGES)
                            .mapToObj(String::valueOf)
                            .toList());
        }
    }

    /** What one message waits for holds back those behind it, whatever they wait for. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @Tag("MQTT-4.6.0-2")
    @Tag("MQTT-4.6.0-3")
    @Tag("MQTT-4.6.0-6")
    void acknowledgements_ofMixedQos_leaveInTheOrderOfThePublishes(boolean cleanSession) {
        ControlledUpstream upstream = new ControlledUpstream();
        try (TestBroker broker = TestBroker.start(b -> b.allowAnonymous().upstream(TopicFilter.of("up/#"), upstream))) {
            TestClient publisher = broker.connect(c -> c.clientId("p").cleanSession(cleanSession))
                    .expectConnack(0, false);
            publisher.sendRaw(concat(
                    publish("up/a", "1", 1, false, 1, false),
                    publish("up/b", "2", 2, false, 2, false),
                    publish("t", "3", 1, false, 3, false),
                    publish("t", "4", 2, false, 4, false)));
            publisher.expectNothing();

            upstream.calls().pending().get(1).answer(ControlledUpstream.Answer.TAKEN);
            publisher.expectNothing();
            upstream.take();

            publisher.expectPuback(1).expectPubrec(2).expectPuback(3).expectPubrec(4);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @Tag("MQTT-4.6.0-6")
    void messages_thatWaitForTheAuthorizer_areNotOvertaken(boolean retainFirst) {
        ControlledAuthorizer authorizer = new ControlledAuthorizer();
        authorizer.calls().answerEach(question -> true);
        try (TestBroker broker = TestBroker.start(b -> b.allowAnonymous().authorizer(authorizer))) {
            TestClient receiver = broker.client("r").subscribed("t", 1);
            TestClient publisher = broker.client("p");
            authorizer.calls().hold();
            publisher.sendRaw(concat(
                    publish("t", "1", 1, retainFirst, 1, false),
                    publish("t", "2", 1, false, 2, false),
                    publish("t", "3", 1, false, 3, false)));
            receiver.expectNothing();

            authorizer.calls().answer(true);
            authorizer.calls().answerEach(question -> true);
            authorizer.calls().pending().forEach(call -> call.answer(true));

            receiver.expectPublish("t", "1", 1);
            receiver.expectPublish("t", "2", 1);
            receiver.expectPublish("t", "3", 1);
            publisher.expectPuback(1).expectPuback(2).expectPuback(3);
        }
    }

    /** A subscriber whose socket is full for a while. */
    @ParameterizedTest
    @CsvSource({"true, 0", "true, 1", "false, 0", "false, 2"})
    @Tag("MQTT-4.6.0-6")
    void messages_thatWaitForTheSocket_keepTheirOrder(boolean cleanSession, int qos) {
        Limits limits = Limits.DEFAULTS.withReceiveMaximum(1_000);
        try (TestBroker broker = TestBroker.start(2, b -> b.allowAnonymous().limits(limits))) {
            var connection = broker.transport().connect();
            TestClient receiver = TestClient.connect(
                            connection, c -> c.clientId("r").cleanSession(cleanSession))
                    .expectConnack(0, false)
                    .subscribed("t", qos)
                    .acknowledgeAll();
            TestClient publisher = broker.client("p");
            for (int i = 0; i < MESSAGES; i++) {
                connection.setWritable(i % 50 > 25);
                publisher.published("t", "" + i, qos);
            }
            connection.setWritable(true);

            assertThat(drainAll(receiver))
                    .extracting(ServerPacket.Publish::text)
                    .containsExactlyElementsOf(IntStream.range(0, MESSAGES)
                            .mapToObj(String::valueOf)
                            .toList());
        }
    }

    private static List<ServerPacket.Publish> drainAll(TestBroker broker, TestClient client) {
        broker.clock().runUntilIdle();
        return drainAll(client);
    }

    /** Each acknowledgement may bring more. */
    private static List<ServerPacket.Publish> drainAll(TestClient client) {
        List<ServerPacket.Publish> all = new ArrayList<>();
        for (List<ServerPacket> some = client.drain(); !some.isEmpty(); some = client.drain()) {
            some.forEach(each -> all.add((ServerPacket.Publish) each));
        }
        return all;
    }
}
