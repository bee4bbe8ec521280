package io.mqttparty.testkit.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttparty.model.ClientId;
import io.mqttparty.spi.BusRecord;
import io.mqttparty.spi.Counter;
import io.mqttparty.spi.SessionStore.Position;
import io.mqttparty.testkit.TestClient;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a node was to be told and was not, it finds out: when a node dies, when the bus has lost something, when the store is another one. */
final class ResyncTest {
    @Test
    void nodeDown_itsWakeUpsWereNotSent_recordsAreDelivered() {
        try (ClusterScene scene = ClusterScene.of(2)) {
            TestClient subscriber = scene.node(0).persistent("s").subscribed("t", 1);
            TestClient publisher = scene.node(1).client("p");
            scene.node(1).backend().calls("send").holdRequests();
            publisher.published("t", "m", 1);
            subscriber.expectNothing();

            scene.node(1).kill();
            scene.node(1).backend().bus().reap();
            scene.advanceMillis(10);

            subscriber.expectPublish("t", "m", 1);
        }
    }

    @Test
    void nodeDown_storeFailsAtFirst_isAskedAgain() {
        try (ClusterScene scene = ClusterScene.of(2)) {
            TestClient subscriber = scene.node(0).persistent("s").subscribed("t", 1);
            scene.node(1).backend().calls("send").holdRequests();
            scene.node(1).client("p").published("t", "m", 1);
            CallControl positions = scene.node(0).backend().calls("positions").failRequests();

            scene.node(1).kill();
            scene.node(1).backend().bus().reap();
            scene.advanceSeconds(2);
            subscriber.expectNothing();
            positions.pass();
            scene.advanceSeconds(3);

            subscriber.expectPublish("t", "m", 1);
        }
    }

    @Test // F2
    void nodeDown_kickWasLost_sessionOfAnotherOwnerIsClosedAndNotRead() {
        try (ClusterScene scene = ClusterScene.of(3)) {
            TestClient old = scene.node(0).persistent("c").subscribed("t", 1);
            scene.node(0).backend().bus().drop(record -> record instanceof BusRecord.Kick);
            TestClient now = scene.node(1).resumed("c");
            CallControl read = scene.node(0).backend().calls("read");
            old.expectNothing();

            scene.node(2).kill();
            scene.node(2).backend().bus().reap();
            scene.advanceMillis(10);

            old.expectClosed();
            assertThat(read.calls()).isZero();
            scene.node(0).client("p").published("t", "m", 1);
            now.expectPublish("t", "m", 1);
        }
    }

    @Test
    void nodeDown_whileAClientIsAttaching_itsRecordsAreFoundAfterwards() {
        try (ClusterScene scene = ClusterScene.of(2)) {
            scene.node(0).persistent("s").subscribed("t", 1).disconnect().expectClosed();
            CallControl attach = scene.node(0).backend().calls("attach").holdAnswers();
            TestClient subscriber = scene.node(0).connecting("s");
            scene.node(1).backend().calls("send").holdRequests();
            scene.node(1).client("p").published("t", "m", 1);

            scene.node(1).kill();
            scene.node(1).backend().bus().reap();
            scene.advanceMillis(10);
            attach.release();

            subscriber.expectConnack(0, true).expectPublish("t", "m", 1);
        }
    }

    @Test
    void nodeDown_manySessions_areLookedAtInPages() {
        try (ClusterScene scene = ClusterScene.of(2)) {
            List<TestClient> clients = new ArrayList<>();
            for (int i = 0; i < 1_100; i++) {
                clients.add(scene.node(0).persistent("c" + i).subscribed("t/" + i % 2, 1));
            }
            scene.node(1).backend().calls("send").holdRequests();
            scene.node(1).client("p").published("t/1", "m", 1);
            CallControl positions = scene.node(0).backend().calls("positions");

            scene.node(1).kill();
            scene.node(1).backend().bus().reap();
            assertThat(positions.calls()).isEqualTo(1);
            scene.advanceMillis(20);

            assertThat(positions.calls()).isEqualTo(3);
            for (int i = 0; i < clients.size(); i++) {
                if (i % 2 == 1) {
                    clients.get(i).expectPublish("t/1", "m", 1);
                } else {
                    clients.get(i).expectNothing();
                }
            }
        }
    }

    @Test // F22
    void gap_transientSessionsThatAreOwedSomethingAreClosed_othersAreNot() {
        try (ClusterScene scene = ClusterScene.of(2)) {
            ClusterNode node = scene.node(0);
            TestClient owed = node.client("owed").subscribed("t", 0).subscribed("u", 1);
            TestClient best = node.client("best").subscribed("t", 0);
            TestClient persistent = node.persistent("persistent").subscribed("t", 1);
            node.backend().bus().hold();
            scene.node(1).client("p").published("t", "m", 1);

            node.backend().bus().gap();
            scene.advanceMillis(10);

            owed.expectClosed();
            best.expectNothing();
            persistent.expectPublish("t", "m", 1);
            assertThat(node.count(Counter.BUS_GAPS)).isEqualTo(1);
            node.backend().bus().release();
            scene.node(1).client("p").published("t", "m2", 1);
            best.expectPublish("t", "m2", 0);
        }
    }

    @Test // F22
    void gap_kickWasAmongTheLost_oldConnectionIsClosed() {
        try (ClusterScene scene = ClusterScene.of(2)) {
            TestClient old = scene.node(0).persistent("c");
            scene.node(0).backend().bus().hold();
            scene.node(1).resumed("c");
            old.expectNothing();

            scene.node(0).backend().bus().gap();
            scene.advanceMillis(10);

            old.expectClosed();
            scene.node(0).backend().bus().release();
        }
    }

    @Test
    void storeReplaced_sessionIsGone_connectionIsClosed() {
        try (ClusterScene scene = ClusterScene.of(1)) {
            TestClient gone = scene.node(0).persistent("gone");
            TestClient older = scene.node(0).persistent("older");
            TestClient same = scene.node(0).persistent("same");
            ClientId lost = ClientId.of("gone");
            ClientId behind = ClientId.of("older");
            scene.node(0)
                    .backend()
                    .calls("positions")
                    .changeAnswers((List<Position> all) -> all.stream()
                            .filter(each -> !each.session().client().equals(lost))
                            .map(each -> each.session().client().equals(behind) ? olderBy(each, 1, 0) : each)
                            .toList());

            scene.node(0).backend().bus().storeReplaced();
            scene.advanceMillis(10);

            gone.expectClosed();
            older.expectClosed();
            same.pingreq().expectPingresp();
        }
    }

    @Test
    void storeReplaced_recordsThatWereSentAreLost_sessionIsNumberedAnewAndClosed() {
        try (ClusterScene scene = ClusterScene.of(1)) {
            TestClient subscriber = scene.node(0).persistent("s").subscribed("t", 1);
            scene.node(0).client("p").published("t", "m1", 1).published("t", "m2", 1);
            subscriber.expectPublish("t", "m1", 1);
            subscriber.expectPublish("t", "m2", 1);
            scene.node(0)
                    .backend()
                    .calls("positions")
                    .changeAnswers((List<Position> all) ->
                            all.stream().map(each -> olderBy(each, 0, 1)).toList());
            CallControl renumber = scene.node(0).backend().calls("renumber").failRequests();

            scene.node(0).backend().bus().storeReplaced();
            subscriber.puback(1); // of a number that the store may give to another message
            scene.advanceMillis(10);
            subscriber.expectNothing();
            assertThat(renumber.calls()).isEqualTo(1);
            renumber.pass();
            scene.advanceSeconds(1);

            subscriber.expectClosed();
            assertThat(renumber.calls()).isEqualTo(2);
            assertThat(scene.node(0).backend().calls("acknowledge").calls()).isZero();
            TestClient again = scene.node(0).resumed("s");
            again.expectPublish("t", "m1", 1);
            again.expectPublish("t", "m2", 1);
        }
    }

    @Test
    void storeReplaced_filtersOfTransientSessions_areWrittenAgain() {
        try (ClusterScene scene = ClusterScene.of(2)) {
            ClusterNode node = scene.node(0);
            node.client("a").subscribed("t", 1);
            node.client("b").subscribed("u/+", 0);
            CallControl add = node.backend().calls("addTransient");
            int before = add.calls();

            node.backend().bus().storeReplaced();
            scene.advanceMillis(10);

            assertThat(add.calls() - before).isEqualTo(2);
        }
    }

    private static Position olderBy(Position position, long epochs, long records) {
        return new Position(
                position.session(),
                position.epoch() - epochs,
                position.lastSeq() - records,
                position.acknowledgedUpTo());
    }
}
