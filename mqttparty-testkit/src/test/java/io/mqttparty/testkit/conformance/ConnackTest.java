package io.mqttparty.testkit.conformance;

import static io.mqttparty.testkit.Packets.concat;
import static io.mqttparty.testkit.Packets.connect;
import static io.mqttparty.testkit.Packets.pingreq;
import static io.mqttparty.testkit.Packets.publish;
import static io.mqttparty.testkit.Packets.subscribe;
import static org.assertj.core.api.Assertions.assertThat;

import io.mqttparty.model.ReasonCode;
import io.mqttparty.spi.Authenticator;
import io.mqttparty.spi.Counter;
import io.mqttparty.testkit.ControlledAuthenticator;
import io.mqttparty.testkit.TestBroker;
import io.mqttparty.testkit.TestClient;
import java.time.Duration;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Section 3.2. */
final class ConnackTest {
    private final ControlledAuthenticator authenticator = new ControlledAuthenticator();

    @AutoClose
    private final TestBroker broker = TestBroker.start(builder -> builder.authenticator(authenticator));

    ConnackTest() {
        authenticator.calls().answerEach(request -> Authenticator.Result.accepted());
    }

    @Test
    @Tag("MQTT-3.2.0-1")
    void connack_isFirst_beforeAnswersToWhatFollowedConnect() {
        TestClient client = broker.send(connect(c -> c.clientId("c")), pingreq(), subscribe(1, "t", 1));

        client.expectConnack(0, false).expectPingresp().expectSuback(1, 1).expectNothing();
    }

    @Test
    @Tag("MQTT-3.2.0-1")
    void connack_isFirst_beforeTheQueueOfAResumedSession() {
        broker.persistent("c").subscribed("t", 2).disconnect().expectClosed();
        broker.client("p").published("t", "1", 1).published("t", "2", 2);

        TestClient client = broker.resumed("c");

        client.expectPublish("t", "1", 1);
        client.expectPublish("t", "2", 2);
    }

    @Test
    @Tag("MQTT-3.2.2-1")
    @Tag("MQTT-3.1.2-6")
    void cleanSession_withStateOfAnEarlierSession_isNotPresent() {
        broker.persistent("c").subscribed("t", 1).disconnect().expectClosed();

        broker.connect(c -> c.clientId("c").cleanSession(true)).expectConnack(0, false);
    }

    @Test
    @Tag("MQTT-3.2.2-2")
    @Tag("MQTT-3.2.2-3")
    void sessionPresent_tellsWhetherThereIsState() {
        broker.connect(c -> c.clientId("c").cleanSession(false))
                .expectConnack(0, false)
                .disconnect()
                .expectClosed();

        broker.connect(c -> c.clientId("c").cleanSession(false)).expectConnack(0, true);
    }

    @Test
    @Tag("MQTT-3.2.2-3")
    void sessionPresent_afterACleanSession_isNotSet() {
        broker.client("c").subscribed("t", 1).disconnect().expectClosed();

        broker.connect(c -> c.clientId("c").cleanSession(false)).expectConnack(0, false);
    }

    @ParameterizedTest
    @CsvSource({
        "CLIENT_IDENTIFIER_NOT_VALID, 2",
        "SERVER_UNAVAILABLE, 3",
        "SERVER_BUSY, 3",
        "BAD_USER_NAME_OR_PASSWORD, 4",
        "NOT_AUTHORIZED, 5"
    })
    @Tag("MQTT-3.2.2-4")
    @Tag("MQTT-3.2.2-5")
    @Tag("MQTT-3.1.3-9")
    void refusal_ofAClientWithASession_saysNoSessionAndCloses(ReasonCode reason, int code) {
        broker.persistent("c").subscribed("t", 1).disconnect().expectClosed();
        authenticator.calls().answerEach(request -> Authenticator.Result.refused(reason));

        broker.connect(c -> c.clientId("c").cleanSession(false))
                .expectConnack(code, false)
                .expectClosed();

        assertThat(broker.count(Counter.CONNECTS_REFUSED)).isOne();
        authenticator.calls().answerEach(request -> Authenticator.Result.accepted());
        broker.resumed("c");
        broker.assertServes();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @Tag("MQTT-3.1.4-5")
    void refusal_processesNothingThatFollowedConnect(boolean inOneRead) {
        TestClient witness = broker.client("w").subscribed("#", 0);
        authenticator.calls().hold();
        TestClient client = broker.raw();
        byte[] publish = publish("t", "x", 0, true, 0, false);
        if (inOneRead) {
            client.sendRaw(concat(connect(c -> c.clientId("c")), publish));
        } else {
            client.connect(c -> c.clientId("c")).sendRaw(publish);
        }

        authenticator.refuse(ReasonCode.NOT_AUTHORIZED);

        client.expectConnack(5, false).expectClosed();
        witness.expectNothing();
    }

    @Test
    @Tag("MQTT-3.2.0-1")
    void packets_whileTheAuthenticatorThinks_waitForConnack() {
        authenticator.calls().hold();
        TestClient client = broker.send(connect(c -> c.clientId("c")), pingreq());
        client.pingreq().expectNothing();

        authenticator.accept();

        client.expectConnack(0, false).expectPingresp().expectPingresp().expectNothing();
    }

    @Test
    @Tag("MQTT-3.2.2-5")
    void authenticator_thatFailsOrNeverAnswers_meansNo() {
        authenticator.calls().failEach(new IllegalStateException("broken"));
        broker.connect(c -> c.clientId("failed")).expectConnack(3, false).expectClosed();
        authenticator.calls().throwEach(new IllegalStateException("broken"));
        broker.connect(c -> c.clientId("thrown")).expectConnack(3, false).expectClosed();
        authenticator.calls().hold();
        TestClient waiting = broker.connect(c -> c.clientId("late"));

        broker.advance(Duration.ofMillis(4_999));
        waiting.expectNothing();
        broker.advance(Duration.ofMillis(1));

        waiting.expectConnack(3, false).expectClosed();
        authenticator.calls().answerEach(request -> Authenticator.Result.accepted());
        broker.assertServes();
    }

    /** No return code says that another connection was faster. */
    @Test
    @Tag("MQTT-3.2.2-6")
    void connect_takenOverBeforeItsAnswer_closesWithoutConnack() {
        authenticator.calls().answerEach(request -> Authenticator.Result.accepted());
        broker.connect(c -> c.clientId("c").will("w", "x", 0, false)).expectConnack(0, false);
        TestClient second = broker.connect(c -> c.clientId("c")); // waits for the end of the first, which has a will
        second.expectNothing();

        TestClient third = broker.connect(c -> c.clientId("c"));
        broker.advance(Duration.ofSeconds(1));

        second.expectClosed();
        third.expectConnack(0, false).pingreq().expectPingresp();
    }
}
