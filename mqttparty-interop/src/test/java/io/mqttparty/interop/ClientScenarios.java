package io.mqttparty.interop;

import static io.mqttparty.interop.Rig.awaitPayloads;
import static io.mqttparty.interop.Rig.numbered;
import static org.assertj.core.api.Assertions.assertThat;

import io.mqttparty.model.ReasonCode;
import io.mqttparty.spi.Counter;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every client library must be able to do with the broker. */
abstract class ClientScenarios {
    private static final int QUEUED = 1_000;

    final ClientDriver driver;
    Rig rig;

    ClientScenarios(ClientDriver driver) {
        this.driver = driver;
    }

    @BeforeEach
    void startBroker() {
        driver.require();
        rig = new Rig();
    }

    @AfterEach
    void closeAll() throws Exception {
        if (rig != null) {
            rig.close();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    @Tag("MQTT-4.6.0-6")
    void publish_oneSubscriber_allArriveInOrder(int qos) {
        Subscriber subscriber = rig.subscribe(driver, Subscribing.clean("subscriber", "news/+", qos));

        rig.publish(driver, new Outgoing("news/local", qos, false, numbered(100)));

        awaitPayloads(subscriber, numbered(100));
        assertThat(subscriber.received()).first().isEqualTo(new Received("news/local", "message 1", qos, false));
        rig.assertCalm();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    @Tag("MQTT-3.3.1-6")
    @Tag("MQTT-3.3.1-8")
    @Tag("MQTT-3.3.1-9")
    void publish_retained_givenToNewSubscriber(int qos) {
        Subscriber early = rig.subscribe(driver, Subscribing.clean("early", "state/#", qos));
        rig.publish(driver, Outgoing.retained("state/door", qos, "open"));
        awaitPayloads(early, List.of("open"));

        Subscriber late = rig.subscribe(driver, Subscribing.clean("late", "state/#", qos));

        awaitPayloads(late, List.of("open"));
        assertThat(early.received()).containsExactly(new Received("state/door", "open", qos, false));
        assertThat(late.received()).containsExactly(new Received("state/door", "open", qos, true));
        rig.assertCalm();
    }

    @Test
    @Tag("MQTT-3.3.1-10")
    @Tag("MQTT-3.3.1-11")
    void publish_retainedWithEmptyPayload_removesRetainedMessage() {
        rig.publish(driver, Outgoing.retained("state/door", 1, "open"));

        rig.publish(driver, Outgoing.retained("state/door", 1, ""));

        Subscriber late = rig.subscribe(driver, Subscribing.clean("late", "state/#", 1));
        rig.publish(driver, Outgoing.of("state/door", 1, "live"));
        awaitPayloads(late, List.of("live"));
        rig.assertCalm();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    @Tag("MQTT-3.1.2-8")
    @Tag("MQTT-3.1.2-17")
    void connectionCut_clientWithWill_willIsPublished(int qos) {
        Subscriber watcher = rig.subscribe(driver, Subscribing.clean("watcher", "wills", qos));
        Cable cable = rig.cable();
        Subscribing how = Subscribing.clean("victim", "unused", 0);
        rig.subscribe(driver, cable, how.with(new Subscribing.Will("wills", "gone", qos, true)));

        cable.acceptNoMore();
        cable.cut();

        awaitPayloads(watcher, List.of("gone"));
        assertThat(watcher.received()).containsExactly(new Received("wills", "gone", qos, false));
        Subscriber late = rig.subscribe(driver, Subscribing.clean("late", "wills", qos));
        awaitPayloads(late, List.of("gone"));
        assertThat(late.received()).containsExactly(new Received("wills", "gone", qos, true));
        rig.assertCalm();
    }

    @Test
    @Tag("MQTT-3.1.2-10")
    @Tag("MQTT-3.14.4-3")
    void disconnect_clientWithWill_willIsNotPublished() {
        Subscriber watcher = rig.subscribe(driver, Subscribing.clean("watcher", "wills", 1));
        Subscribing how = Subscribing.clean("leaver", "unused", 0);
        Subscriber leaver = rig.subscribe(driver, how.with(new Subscribing.Will("wills", "gone", 1, false)));

        leaver.disconnect();

        rig.broker.awaitEnd("leaver", ReasonCode.SUCCESS);
        rig.publish(driver, Outgoing.of("wills", 1, "marker"));
        awaitPayloads(watcher, List.of("marker"));
        assertThat(rig.broker.count(Counter.WILLS_PUBLISHED)).isZero();
        rig.assertCalm();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    @Tag("MQTT-3.1.2-5")
    void resume_thousandQueued_allArriveInOrder(int qos) {
        Subscribing how = Subscribing.persistent("sleeper", "orders/#", qos);
        queueWhileOffline(how);

        Subscriber resumed = rig.resume(driver, how);

        awaitPayloads(resumed, numbered(QUEUED));
        rig.publish(driver, Outgoing.of("orders/1", qos, "live"));
        awaitPayloads(
                resumed,
                Stream.concat(numbered(QUEUED).stream(), Stream.of("live")).toList());
        assertThat(resumed.received()).extracting(Received::qos).containsOnly(qos);
        rig.assertCalm();
    }

    @Test
    @Tag("MQTT-4.3.3-1")
    @Tag("MQTT-4.4.0-1")
    void resume_cutWhileThousandArriveAtQos2_eachArrivesOnceInOrder() {
        Subscribing how = Subscribing.persistent("sleeper", "orders/#", 2);
        queueWhileOffline(how);
        Cable cable = rig.cable();

        Subscriber resumed = resumeCutAfter(20_000, cable, how);

        awaitPayloads(resumed, numbered(QUEUED));
        assertThat(cable.wasCut()).isTrue();
        rig.assertCalm();
    }

    @Test
    @Tag("MQTT-4.4.0-1")
    void resume_cutWhileThousandArriveAtQos1_noneIsLost() {
        Subscribing how = Subscribing.persistent("sleeper", "orders/#", 1);
        queueWhileOffline(how);
        Cable cable = rig.cable();

        Subscriber resumed = resumeCutAfter(15_000, cable, how);

        Deadline.await(
                "all messages",
                () -> assertThat(resumed.received())
                        .extracting(Received::payload)
                        .contains("message " + QUEUED));
        assertThat(resumed.received().stream().map(Received::payload).distinct())
                .isEqualTo(numbered(QUEUED));
        assertThat(cable.wasCut()).isTrue();
        // The cable has swallowed at least one PUBLISH.
        assertThat(rig.broker.count(Counter.PUBLISHES_SENT)).isGreaterThan(QUEUED);
        rig.assertCalm();
    }

    /** Resumes over a cable that is cut after so many bytes, upon which the client connects again. */
    private Subscriber resumeCutAfter(int bytes, Cable cable, Subscribing how) {
        cable.cutAfter(bytes);
        rig.expectReconnect();
        return rig.resume(driver, cable, how);
    }

    /** Leaves a session behind in which the messages wait. */
    private void queueWhileOffline(Subscribing how) {
        rig.subscribe(driver, how).disconnect();
        rig.broker.awaitEnd(how.clientId(), ReasonCode.SUCCESS);
        rig.publish(driver, new Outgoing("orders/1", how.qos(), false, numbered(QUEUED)));
    }

    @Test
    @Tag("MQTT-3.1.4-2")
    void connect_sameClientId_firstConnectionIsClosed() {
        Cable cable = rig.cable();
        Subscriber first = rig.subscribe(driver, cable, Subscribing.clean("twin", "news", 1));
        cable.acceptNoMore();

        Subscriber second = rig.subscribe(driver, Subscribing.clean("twin", "news", 1));

        Deadline.await("takeover", () -> assertThat(cable.endedByBroker()).isTrue());
        rig.broker.awaitEnd("twin", ReasonCode.SESSION_TAKEN_OVER);
        assertThat(rig.broker.count(Counter.TAKEOVERS)).isEqualTo(1);
        rig.publish(driver, Outgoing.of("news", 1, "after"));
        awaitPayloads(second, List.of("after"));
        assertThat(first.received()).isEmpty();
        rig.assertCalm();
    }
}
