package io.mqttparty.testkit.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttparty.spi.Authenticator;
import io.mqttparty.spi.Counter;
import io.mqttparty.testkit.ControlledAuthenticator;
import io.mqttparty.testkit.ControlledAuthorizer;
import io.mqttparty.testkit.TestBroker;
import io.mqttparty.testkit.TestClient;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Section 3.1.4: a second connection of a client, on the same event loop and on another one. */
final class TakeoverTest {
    @ParameterizedTest
    @CsvSource({"1, true, true", "1, true, false", "1, false, true", "1, false, false"})
    @CsvSource({"2, true, true", "2, true, false", "2, false, true", "2, false, false"})
    @Tag("MQTT-3.1.4-2")
    @Tag("MQTT-3.1.4-3")
    void sameClientId_connectsAgain_endsTheFirstConnection(int loops, boolean firstClean, boolean secondClean) {
        try (TestBroker broker = TestBroker.start(loops)) {
            TestClient first = broker.connect(c -> c.clientId("c").cleanSession(firstClean))
                    .expectConnack(0, false)
                    .subscribed("t", 1);

            TestClient second = broker.connect(c -> c.clientId("c").cleanSession(secondClean));

            boolean resumes = !firstClean && !secondClean;
            second.expectConnack(0, resumes);
            first.expectClosed();
            assertThat(broker.count(Counter.TAKEOVERS)).isOne();
            broker.client("p").published("t", "x", 1);
            if (resumes) {
                second.expectPublish("t", "x", 1);
            }
            second.expectNothing();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    @Tag("MQTT-3.1.4-2")
    @Tag("MQTT-4.4.0-1")
    void takeover_withOpenDeliveries_sendsThemAgain(int loops) {
        try (TestBroker broker = TestBroker.start(loops)) {
            TestClient first = broker.persistent("c").subscribed("t", 1);
            broker.client("p").published("t", "x", 1);
            int id = first.expectPublish("t", "x", 1).packetId();

            TestClient second = broker.resumed("c");

            first.expectClosed();
            assertThat(second.expectPublish("t", "x", 1).packetId()).isEqualTo(id);
            second.puback(id).expectNothing();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    @Tag("MQTT-3.1.4-2")
    @Tag("MQTT-3.1.2-8")
    void takeover_publishesTheWillBeforeAnythingOfTheNewConnection(int loops) {
        try (TestBroker broker = TestBroker.start(loops)) {
            TestClient witness = broker.client("w").subscribed("#", 1);
            TestClient first = broker.connect(c -> c.clientId("c").will("will", "gone", 1, false))
                    .expectConnack(0, false);

            TestClient second = broker.connect(c -> c.clientId("c")).publish("t", "here", 1, 1);
            second.expectNothing();
            broker.advance(Duration.ofMillis(1));

            first.expectClosed();
            second.expectConnack(0, false).expectPuback(1);
            witness.expectPublish("will", "gone", 1);
            witness.expectPublish("t", "here", 1);
            witness.expectNothing();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    @Tag("MQTT-3.14.4-3")
    @Tag("MQTT-3.1.4-2")
    void takeover_whileADisconnectIsOnItsWay_publishesNoWill(int loops) {
        try (TestBroker broker = TestBroker.start(loops)) {
            TestClient witness = broker.client("w").subscribed("will", 1);
            TestClient first = broker.connect(c -> c.clientId("c").will("will", "gone", 1, false))
                    .expectConnack(0, false);

            TestClient second = broker.connect(c -> c.clientId("c"));
            first.disconnect().expectClosed();

            second.expectConnack(0, false);
            broker.advance(Duration.ofSeconds(1));
            witness.expectNothing();
            second.pingreq().expectPingresp();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    @Tag("MQTT-3.1.4-2")
    void takeovers_inARow_leaveOneConnection(int loops) {
        try (TestBroker broker = TestBroker.start(loops)) {
            TestClient last = broker.persistent("c").subscribed("t", 1);
            for (int i = 0; i < 20; i++) {
                TestClient next = broker.resumed("c");
                last.expectClosed();
                last = next;
            }

            broker.client("p").published("t", "x", 1);

            last.expectPublish("t", "x", 1);
            last.expectNothing();
            assertThat(broker.broker().connections()).isEqualTo(2);
        }
    }

    /** Both wait for the authenticator; whoever is accepted later has the session. */
    @ParameterizedTest
    @CsvSource({"1, true", "1, false", "2, true", "2, false"})
    @Tag("MQTT-3.1.4-2")
    void connects_atTheSameTime_leaveTheOneAcceptedLast(int loops, boolean firstIsFaster) {
        ControlledAuthenticator authenticator = new ControlledAuthenticator();
        try (TestBroker broker = TestBroker.start(loops, b -> b.authenticator(authenticator))) {
            TestClient first = broker.connect(c -> c.clientId("c").cleanSession(false));
            TestClient second = broker.connect(c -> c.clientId("c").cleanSession(false));
            var calls = authenticator.calls().pending();

            calls.get(firstIsFaster ? 0 : 1).answer(Authenticator.Result.accepted());
            calls.get(firstIsFaster ? 1 : 0).answer(Authenticator.Result.accepted());

            TestClient loser = firstIsFaster ? first : second;
            TestClient winner = firstIsFaster ? second : first;
            loser.expectConnack(0, false).expectClosed();
            winner.expectConnack(0, true).pingreq().expectPingresp();
            assertThat(broker.broker().connections()).isOne();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    @Tag("MQTT-3.1.4-2")
    void client_thatIsGoneBeforeItsAnswer_takesNothingOver(int loops) {
        ControlledAuthenticator authenticator = new ControlledAuthenticator();
        try (TestBroker broker = TestBroker.start(loops, b -> b.authenticator(authenticator))) {
            TestClient first = broker.connect(c -> c.clientId("c").cleanSession(false));
            authenticator.accept();
            first.expectConnack(0, false);
            TestClient gone = broker.connect(c -> c.clientId("c").will("t", "gone", 1, false));
            broker.reset(gone);

            authenticator.accept();

            first.subscribed("t", 1).expectNothing();
            assertThat(broker.broker().connections()).isOne();
        }
    }

    @ParameterizedTest
    @CsvSource({"1, true", "1, false", "2, true", "2, false"})
    @Tag("MQTT-3.1.4-2")
    void takeover_whileASubscribeWaits_endsTheFirstConnection(int loops, boolean cleanSession) {
        ControlledAuthorizer authorizer = new ControlledAuthorizer();
        try (TestBroker broker = TestBroker.start(loops, b -> b.allowAnonymous().authorizer(authorizer))) {
            TestClient first = broker.connect(c -> c.clientId("c").cleanSession(cleanSession))
                    .expectConnack(0, false)
                    .subscribe(1, "t", 1);

            TestClient second = broker.connect(c -> c.clientId("c").cleanSession(cleanSession))
                    .expectConnack(0, !cleanSession);
            authorizer.calls().answer(true);
            authorizer.calls().answerEach(question -> true);

            first.expectClosed();
            broker.client("p").published("t", "x", 1);
            second.expectNothing();
        }
    }
}
