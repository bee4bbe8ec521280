package io.mqttparty.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttparty.http.spi.HttpCounter;
import io.mqttparty.model.Limits;
import io.mqttparty.testkit.LoopbackConnection;
import io.mqttparty.testkit.TestClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Order, how much is on its way at once, and what happens when it is too much. */
final class UplinkOrderTest {
    @Test
    void messagesOfAClient_goOneAfterTheOther() {
        try (UplinkScene scene = UplinkScene.of(route -> route)) {
            TestClient client = scene.client("c");
            for (int i = 1; i <= 3; i++) {
                client.publish("up/x", "m" + i, 1, i);
            }
            TestClient other = scene.client("d").publish("up/x", "other", 1, 1);
            assertThat(scene.openBodies()).containsExactly("m1", "other");

            scene.request(1).answer(200);
            other.expectPuback(1);
            scene.request(0).answer(503);
            assertThat(scene.openBodies()).isEmpty();
            scene.advanceMillis(100);
            assertThat(scene.openBodies()).containsExactly("m1");
            scene.request(2).answer(200);
            client.expectPuback(1).expectNothing();
            assertThat(scene.openBodies()).containsExactly("m2");
            scene.request(3).answer(404);
            client.expectPuback(2);
            scene.request(4).answer(200);
            client.expectPuback(3);
            assertThat(scene.allBodies()).containsExactly("m1", "other", "m1", "m2", "m3");
        }
    }

    @Test
    void givenUp_takesWhatTheConnectionSentLaterWithIt() {
        try (UplinkScene scene = UplinkScene.of(route -> route.deadline(Duration.ofSeconds(1)))) {
            TestClient client = scene.client("c");
            client.publish("up/x", "m1", 1, 1);
            scene.advanceMillis(500);
            client.publish("up/x", "m2", 1, 2).publish("up/x", "m3", 1, 3);
            scene.advanceMillis(500);

            client.expectClosed();
            scene.advance(Duration.ofSeconds(5));
            assertThat(scene.allBodies()).containsExactly("m1");
            assertThat(scene.count(HttpCounter.GIVEN_UP)).isEqualTo(3);

            TestClient again = scene.client("c");
            for (int i = 1; i <= 3; i++) {
                again.publish("up/x", "m" + i, 1, i);
                scene.request(i).answer(200);
                again.expectPuback(i);
            }
            assertThat(scene.allBodies()).containsExactly("m1", "m1", "m2", "m3");
        }
    }

    @Test
    void slowBackendThatWorks_getsAllOfAClientHoweverLongTheyWait() {
        try (UplinkScene scene = UplinkScene.of(route -> route.timeout(Duration.ofSeconds(10)))) {
            TestClient client = scene.client("c");
            for (int i = 1; i <= 20; i++) {
                client.publish("up/x", "m" + i, 1, i);
            }
            for (int i = 1; i <= 20; i++) {
                scene.advance(Duration.ofSeconds(9));
                client.pingreq().expectPingresp();
                assertThat(scene.openBodies()).containsExactly("m" + i);
                scene.request(i - 1).answer(i % 2 == 0 ? 200 : 404);
                client.expectPuback(i);
            }
            assertThat(scene.count(HttpCounter.REQUESTS)).isEqualTo(20);
            assertThat(scene.count(HttpCounter.GIVEN_UP)).isZero();
        }
    }

    @Test
    void backendThatDoesNotAnswer_costsWhatNobodySendsAgainTheTimeOfOne() {
        try (UplinkScene scene = UplinkScene.of(route -> route)) {
            TestClient client = scene.client("c");
            client.publish("up/x", "m0", 0, 0);
            scene.advance(Duration.ofSeconds(9));
            scene.request(0).answer(200);
            for (int i = 1; i <= 20; i++) {
                client.publish("up/x", "m" + i, 0, 0);
            }
            scene.advance(Duration.ofMillis(24_999));
            assertThat(scene.upstream.backlog()).isEqualTo(20);
            scene.advance(Duration.ofMillis(1));

            assertThat(scene.upstream.backlog()).isZero();
            assertThat(scene.allBodies()).doesNotContain("m2");
            assertThat(scene.count(HttpCounter.LOST)).isEqualTo(20);
        }
    }

    @Test
    void deadline_longerThanOtherUpstreamsHave_isKept() {
        try (UplinkScene scene =
                UplinkScene.of(route -> route.timeout(Duration.ofSeconds(40)).deadline(Duration.ofSeconds(50)))) {
            TestClient client = scene.client("c").publish("up/x", "m1", 1, 1);
            scene.advance(Duration.ofSeconds(39));
            scene.request(0).answer(200);
            client.expectPuback(1);
            client.publish("up/x", "m2", 1, 2);
            scene.advance(Duration.ofSeconds(41));
            client.expectNothing();
            assertThat(scene.request(1).isCancelled()).isTrue();
            scene.advance(Duration.ofSeconds(9));
            client.expectClosed();
        }
    }

    @Test
    void unordered_sendsSomeOfAClientAtOnce() {
        try (UplinkScene scene = UplinkScene.of(route -> route.unordered(2))) {
            TestClient client = scene.client("c");
            for (int i = 1; i <= 4; i++) {
                client.publish("up/x", "m" + i, 1, i);
            }
            assertThat(scene.openBodies()).containsExactly("m1", "m2");

            scene.request(1).answer(200);
            assertThat(scene.openBodies()).containsExactly("m1", "m3");
            client.expectNothing(); // acknowledgements keep their order
            scene.request(0).answer(200);
            client.expectPuback(1).expectPuback(2).expectNothing();
            scene.request(2).answer(200);
            scene.request(3).answer(200);
            client.expectPuback(3).expectPuback(4);
        }
    }

    @Test
    void concurrency_ofARoute_isNotExceeded() {
        try (UplinkScene scene = UplinkScene.of(route -> route.concurrency(2))) {
            List<TestClient> clients = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                clients.add(scene.client("c" + i).publish("up/x", "m" + i, 1, 1));
            }
            assertThat(scene.openBodies()).containsExactly("m0", "m1");

            scene.request(0).answer(500); // leaves its place while it waits
            assertThat(scene.openBodies()).containsExactly("m1", "m2");
            for (int i = 0; i < 30; i++) {
                if (!scene.backend.open().isEmpty()) {
                    scene.backend.open().get(0).answer(200);
                }
                scene.advanceMillis(10);
                assertThat(scene.backend.open()).hasSizeLessThanOrEqualTo(2);
            }
            clients.forEach(each -> each.expectPuback(1));
        }
    }

    @Test
    void concurrency_waitersAreGivenUpInTime() {
        try (UplinkScene scene = UplinkScene.of(
                route -> route.concurrency(1).timeout(Duration.ofSeconds(4)).deadline(Duration.ofSeconds(5)))) {
            TestClient first = scene.client("a").publish("up/x", "m1", 1, 1);
            scene.advanceMillis(3_900);
            TestClient second = scene.client("b").publish("up/x", "m2", 1, 1);
            TestClient third = scene.client("c").publish("up/x", "m3", 1, 1);
            scene.advanceMillis(1_100); // the first is over, the second under way
            first.expectClosed();
            assertThat(scene.openBodies()).containsExactly("m2");
            scene.advanceMillis(3_900);
            third.expectClosed();
            second.expectClosed();
            assertThat(scene.upstream.backlog()).isZero();
        }
    }

    @Test
    void inFlight_ofABackend_isNotExceeded() {
        try (UplinkScene scene = UplinkScene.with(
                builder -> builder.inFlight(3).route(UplinkScene.route().build()))) {
            List<TestClient> clients = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                clients.add(scene.client("c" + i).publish("up/x", "m" + i, 1, 1));
            }
            for (int i = 0; i < 10; i++) {
                assertThat(scene.backend.open()).hasSize(Math.min(3, 10 - i));
                scene.request(i).answer(200);
            }
            clients.forEach(each -> each.expectPuback(1));
        }
    }

    @Test
    void slowBackend_pausesReadingAndLosesNothing() {
        Limits limits = Limits.DEFAULTS.withPendingPublishes(4);
        try (UplinkScene scene = UplinkScene.with(
                builder -> builder.route(UplinkScene.route().build()), builder -> builder.limits(limits))) {
            TestClient client = scene.client("c");
            LoopbackConnection connection = (LoopbackConnection) client.pipe();
            for (int i = 1; i <= 20; i++) {
                client.publish("up/x", "m" + i, 1, i);
            }
            assertThat(connection.isBrokerReading()).isFalse();
            assertThat(connection.unread()).isPositive();
            assertThat(scene.upstream.backlog()).isEqualTo(4);

            for (int i = 1; i <= 20; i++) {
                assertThat(scene.openBodies()).containsExactly("m" + i);
                scene.request(i - 1).answer(200);
                client.expectPuback(i);
            }
            assertThat(connection.isBrokerReading()).isTrue();
            assertThat(scene.count(HttpCounter.DELIVERED)).isEqualTo(20);
        }
    }

    @Test
    void backlog_beyondItsLimit_isNotAcknowledged() {
        try (UplinkScene scene = UplinkScene.with(
                builder -> builder.backlog(2).route(UplinkScene.route().build()))) {
            TestClient a = scene.client("a").publish("up/x", "m1", 1, 1);
            TestClient b = scene.client("b").publish("up/x", "m2", 1, 1);
            TestClient c = scene.client("c").publish("up/x", "m3", 1, 1);

            c.expectClosed();
            assertThat(scene.count(HttpCounter.BACKLOG_FULL)).isEqualTo(1);
            assertThat(scene.count(HttpCounter.GIVEN_UP)).isEqualTo(1);
            scene.request(0).answer(200);
            scene.request(1).answer(200);
            a.expectPuback(1);
            b.expectPuback(1);
            TestClient again = scene.client("c").publish("up/x", "m3", 1, 1);
            scene.request(2).answer(200);
            again.expectPuback(1);
        }
    }

    @Test
    void onAccept_ofManyBytes_holdsBackToo() {
        try (UplinkScene scene = UplinkScene.with(builder -> builder.acceptedBytes(20)
                .route(UplinkScene.route().acknowledge(AckPolicy.ON_ACCEPT).build()))) {
            TestClient client = scene.client("c");
            client.publish("up/x", "123456", 1, 1).expectPuback(1);
            client.publish("up/x", "123456", 1, 2).expectPuback(2);
            client.publish("up/x", "", 1, 3).expectNothing();

            scene.request(0).answer(200);
            scene.request(1).answer(404);
            scene.request(2).answer(200);
            client.expectPuback(3);
            client.publish("up/x", "0123456789abcdef", 1, 4).expectPuback(4);
            scene.request(3).answer(200);
        }
    }

    @Test
    void onAccept_acknowledgesAtOnceAndHoldsBackWhenMuchIsWaiting() {
        try (UplinkScene scene = UplinkScene.with(builder -> builder.backlog(4)
                .route(UplinkScene.route()
                        .acknowledge(AckPolicy.ON_ACCEPT)
                        .deadline(Duration.ofSeconds(2))
                        .build()))) {
            TestClient client = scene.client("c");
            client.publish("up/x", "m1", 1, 1).expectPuback(1);
            client.publish("up/x", "m2", 1, 2).expectPuback(2);
            client.publish("up/x", "m3", 1, 3).expectNothing();
            scene.request(0).answer(200);
            scene.request(1).answer(200);
            scene.request(2).answer(200);
            client.expectPuback(3);

            client.publish("up/x", "m4", 1, 4).expectPuback(4);
            client.publish("up/x", "m5", 1, 5).expectPuback(5);
            scene.advance(Duration.ofSeconds(2)); // m4 is lost, m5 has its own time
            client.expectNothing();
            assertThat(scene.count(HttpCounter.LOST)).isPositive();
            assertThat(scene.upstream.backlog()).isZero();
        }
    }

    @Test
    void stop_waitsForWhatIsOnItsWayAndTakesNothingNew() {
        UplinkScene scene = UplinkScene.of(route -> route);
        TestClient client = scene.client("c").publish("up/x", "m1", 1, 1);
        var stopped = scene.broker.stop().toCompletableFuture();
        scene.clock.runUntilIdle();
        assertThat(stopped).isNotDone();

        scene.request(0).answer(200);
        client.expectPuback(1);
        scene.clock.advance(Duration.ofSeconds(6));
        assertThat(stopped).isCompleted();
    }

    @Test
    void stop_afterItsTime_endsWhatIsOnItsWay() {
        UplinkScene scene = UplinkScene.of(route -> route);
        TestClient hanging = scene.client("c").publish("up/x", "m1", 1, 1);
        TestClient waiting = scene.client("d").publish("up/x", "m2", 1, 1);
        scene.request(1).answer(503, java.util.Map.of("retry-after", "9"), "");
        var stopped = scene.broker.stop().toCompletableFuture();
        scene.clock.advance(Duration.ofSeconds(6));

        assertThat(stopped).isCompleted();
        assertThat(scene.request(0).isCancelled()).isTrue();
        assertThat(scene.upstream.backlog()).isZero();
        hanging.expectClosed();
        waiting.expectClosed();
    }
}
