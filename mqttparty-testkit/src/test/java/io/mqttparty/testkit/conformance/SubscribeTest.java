package io.mqttparty.testkit.conformance;

import static io.mqttparty.testkit.Packets.bytes;
import static io.mqttparty.testkit.Packets.concat;
import static io.mqttparty.testkit.Packets.packet;
import static io.mqttparty.testkit.Packets.string;
import static io.mqttparty.testkit.Packets.uint16;
import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import io.mqttparty.model.Limits;
import io.mqttparty.spi.Counter;
import io.mqttparty.testkit.ControlledAuthorizer;
import io.mqttparty.testkit.ControlledAuthorizer.Question.MaySubscribe;
import io.mqttparty.testkit.ServerPacket;
import io.mqttparty.testkit.TestBroker;
import io.mqttparty.testkit.TestClient;
import java.time.Duration;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Sections 3.8 and 3.9. */
final class SubscribeTest {
    @AutoClose
    private final TestBroker broker = TestBroker.start();

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @Tag("MQTT-3.8.4-1")
    @Tag("MQTT-3.8.4-2")
    @Tag("MQTT-3.8.4-5")
    void subscribe_isAnsweredWithItsIdAndACode(boolean cleanSession) {
        TestClient client = client(cleanSession);

        client.subscribe(77, "a", 0).expectSuback(77, 0);
        client.subscribe(78, "b", 1).expectSuback(78, 1);
        client.subscribe(78, "c", 2).expectSuback(78, 2).expectNothing();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @Tag("MQTT-3.8.4-4")
    @Tag("MQTT-3.8.4-5")
    @Tag("MQTT-3.9.3-1")
    void filters_inOneSubscribe_actAsManyAndGetOneAnswerInTheirOrder(boolean cleanSession) {
        TestClient client = client(cleanSession);

        client.subscribe(1, entry("a", 2), entry("b", 0), entry("c", 1), entry("d", 2))
                .expectSuback(1, 2, 0, 1, 2);

        TestClient publisher = broker.client("p");
        for (String topic : new String[] {"a", "b", "c", "d"}) {
            publisher.published(topic, "x", 2);
        }
        client.expectPublish("a", "x", 2);
        client.expectPublish("b", "x", 0);
        client.expectPublish("c", "x", 1);
        client.expectPublish("d", "x", 2);
        client.expectNothing();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @Tag("MQTT-3.8.4-3")
    @Tag("MQTT-3.8.4-4")
    void filter_twiceInOneSubscribe_theLastQosCounts(boolean cleanSession) {
        TestClient client = client(cleanSession);

        client.subscribe(1, entry("a", 2), entry("a", 1)).expectSuback(1, 2, 1);

        broker.client("p").published("a", "x", 2);
        client.expectPublish("a", "x", 1);
        client.expectNothing();
    }

    @Test
    @Tag("MQTT-3.8.3-3")
    void subscribe_withoutFilter_closes() {
        broker.assertBroken(broker.client("c").sendRaw(packet(8, 2, uint16(1))), Counter.MALFORMED_PACKETS);
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 4, 8, 0x10, 0x41, 0x80, 0x82, 0xFF})
    @Tag("MQTT-3-8.3-4")
    void options_withReservedBitsOrQos3_close(int options) {
        TestClient client = broker.client("c");

        client.sendRaw(packet(8, 2, uint16(1), string("a"), bytes(1), string("b"), bytes(options)));

        broker.assertBroken(client, Counter.MALFORMED_PACKETS);
        assertThat(broker.events().lines()).noneMatch(line -> line.startsWith("subscribed c"));
    }

    @Test
    @Tag("MQTT-4.8.0-1")
    void filter_cutOff_closes() {
        TestClient client = broker.client("c");

        client.sendRaw(packet(8, 2, concat(uint16(1), string("a"))));

        broker.assertBroken(client, Counter.MALFORMED_PACKETS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"+", "a/+", "+/b", "a/+/c", "#", "a/#", "+/#"})
    @Tag("MQTT-3.8.3-2")
    void filter_withWildcards_isGranted(String filter) {
        broker.client("c").subscribe(1, filter, 2).expectSuback(1, 2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a#", "#/a", "a/#/b", "a/b#", "##"})
    @Tag("MQTT-4.7.1-2")
    void filter_withHashInTheWrongPlace_closes(String filter) {
        broker.assertBroken(broker.client("c").subscribe(1, filter, 0), Counter.MALFORMED_PACKETS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a+", "+a", "a/b+/c", "++"})
    @Tag("MQTT-4.7.1-3")
    void filter_withPlusBesideOtherCharacters_closes(String filter) {
        broker.assertBroken(broker.client("c").subscribe(1, filter, 0), Counter.MALFORMED_PACKETS);
    }

    @ParameterizedTest
    @CsvSource({"0,0,0", "0,1,0", "0,2,0", "1,0,0", "1,1,1", "1,2,1", "2,0,0", "2,1,1", "2,2,2"})
    @Tag("MQTT-3.8.4-6")
    void delivery_hasTheLowerOfPublishedAndGrantedQos(int published, int granted, int delivered) {
        TestClient clean = client(true).subscribed("t", granted);
        TestClient persistent = client(false).subscribed("t", granted);

        broker.client("p").published("t", "x", published);

        clean.expectPublish("t", "x", delivered);
        clean.expectNothing();
        persistent.expectPublish("t", "x", delivered);
        persistent.expectNothing();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @Tag("MQTT-3.8.4-3")
    @Tag("MQTT-3.3.1-6")
    void filter_subscribedAgain_replacesTheQosAndSendsRetainedAgain(boolean cleanSession) {
        TestClient publisher = broker.client("p");
        publisher
                .publish("t/a", "kept", 2, true, 1, false)
                .expectPubrec(1)
                .pubrel(1)
                .expectPubcomp(1);
        TestClient client = client(cleanSession).subscribed("t/+", 0);
        assertThat(client.expectPublish("t/a", "kept", 0).retain()).isTrue();

        client.subscribed("t/+", 2);

        ServerPacket.Publish again = client.expectPublish("t/a", "kept", 2);
        assertThat(again.retain()).isTrue();
        publisher.published("t/b", "live", 2);
        client.expectPublish("t/b", "live", 2); // once: the subscription was replaced, not added
        client.expectNothing();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @Tag("MQTT-3.8.4-3")
    void filter_subscribedAgain_doesNotInterruptTheFlow(boolean cleanSession) {
        TestClient client = client(cleanSession).subscribed("t", 1);
        TestClient publisher = broker.client("p").published("t", "1", 1);

        client.subscribe(50, "t", 2);
        publisher.published("t", "2", 1);

        client.expectPublish("t", "1", 1);
        client.expectSuback(50, 2);
        client.expectPublish("t", "2", 1);
        client.expectNothing();
    }

    @Test
    @Tag("MQTT-3.9.3-2")
    @Tag("MQTT-3.8.4-5")
    @Tag("MQTT-3.9.3-1")
    void filter_notAuthorised_isAnsweredWith0x80InItsPlace() {
        ControlledAuthorizer authorizer = new ControlledAuthorizer();
        authorizer
                .calls()
                .answerEach(question -> !(question instanceof MaySubscribe that)
                        || !that.subscription().filter().value().startsWith("secret"));
        try (TestBroker guarded = TestBroker.start(b -> b.allowAnonymous().authorizer(authorizer))) {
            TestClient clean = guarded.client("c");
            TestClient persistent = guarded.persistent("q");

            for (TestClient client : new TestClient[] {clean, persistent}) {
                client.subscribe(1, entry("a", 0), entry("secret", 1), entry("b", 2), entry("secret/#", 2))
                        .expectSuback(1, 0, 0x80, 2, 0x80);
            }

            guarded.client("p").published("secret", "x", 1).published("b", "y", 2);
            clean.expectPublish("b", "y", 2);
            clean.expectNothing();
            persistent.expectPublish("b", "y", 2);
            persistent.expectNothing();
        }
    }

    @Test
    @Tag("MQTT-3.9.3-2")
    void authorizer_thatNeverAnswers_means0x80() {
        ControlledAuthorizer authorizer = new ControlledAuthorizer();
        try (TestBroker guarded = TestBroker.start(b -> b.allowAnonymous().authorizer(authorizer))) {
            TestClient client =
                    guarded.client("c").subscribe(1, "t", 1).pingreq().expectNothing();

            guarded.advance(Duration.ofSeconds(5));

            client.expectSuback(1, 0x80).expectPingresp();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @Tag("MQTT-3.9.3-2")
    void filters_beyondTheLimit_areAnsweredWith0x80(boolean cleanSession) {
        Limits limits = Limits.DEFAULTS.withSubscriptions(2);
        try (TestBroker small = TestBroker.start(b -> b.allowAnonymous().limits(limits))) {
            TestClient client = small.connect(c -> c.clientId("c").cleanSession(cleanSession))
                    .expectConnack(0, false);

            client.subscribe(1, entry("a", 0), entry("b", 1), entry("c", 2)).expectSuback(1, 0, 1, 0x80);
            client.subscribe(2, "a", 2).expectSuback(2, 2);
            client.unsubscribe(3, "b").expectUnsuback(3);
            client.subscribe(4, "c", 2).expectSuback(4, 2);
        }
    }

    private TestClient client(boolean cleanSession) {
        return cleanSession ? broker.client("clean") : broker.persistent("persistent");
    }
}
