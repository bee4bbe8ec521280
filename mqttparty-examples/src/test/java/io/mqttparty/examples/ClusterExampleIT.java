package io.mqttparty.examples;

import io.mqttparty.redis.fixture.RedisServer;
import io.mqttparty.testkit.SocketPipe;
import io.mqttparty.testkit.TestClient;
import org.junit.jupiter.api.Test;

class ClusterExampleIT {
    @Test
    void twoNodes_oneRedis_areOneBroker() {
        try (RedisServer redis = RedisServer.start();
                ClusterExample one = new ClusterExample(redis.uri(), 0);
                ClusterExample two = new ClusterExample(redis.uri(), 0);
                TestClient subscriber = connected(one, "subscriber");
                TestClient publisher = connected(two, "publisher")) {
            subscriber.subscribed("t/#", 1);

            publisher.published("t/1", "hello", 1);

            subscriber.expectPublish("t/1", "hello", 1);
        }
    }

    @Test
    void nodeCloses_sessionGoesOnAtTheOther() {
        try (RedisServer redis = RedisServer.start();
                ClusterExample two = new ClusterExample(redis.uri(), 0)) {
            try (ClusterExample one = new ClusterExample(redis.uri(), 0);
                    TestClient client = persistent(one)) {
                client.expectConnack(0, false).subscribed("t", 1);
            }
            try (TestClient publisher = connected(two, "publisher")) {
                publisher.published("t", "queued", 1);
            }
            try (TestClient again = persistent(two)) {
                again.expectConnack(0, true).expectPublish("t", "queued", 1);
            }
        }
    }

    private static TestClient connected(ClusterExample node, String clientId) {
        return TestClient.connected(SocketPipe.connect("127.0.0.1", node.port()), clientId);
    }

    private static TestClient persistent(ClusterExample node) {
        return TestClient.connect(
                SocketPipe.connect("127.0.0.1", node.port()),
                c -> c.clientId("device").cleanSession(false));
    }
}
