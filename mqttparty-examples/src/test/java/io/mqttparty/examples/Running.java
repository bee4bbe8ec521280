package io.mqttparty.examples;

import io.mqttparty.MqttParty;
import io.mqttparty.MqttPartyBuilder;
import io.mqttparty.netty.NettyTransport;
import io.mqttparty.testkit.SocketPipe;
import io.mqttparty.testkit.TestClient;

/** A broker on a free port. */
record Running(MqttParty broker) implements AutoCloseable {
    static Running of(MqttPartyBuilder description) {
        NettyTransport transport = NettyTransport.tcp(0).host("127.0.0.1").eventLoopThreads(1);
        return new Running(description
                .listener(transport)
                .build()
                .start()
                .toCompletableFuture()
                .join());
    }

    SocketPipe pipe() {
        return SocketPipe.connect("127.0.0.1", broker.port());
    }

    TestClient client(String clientId) {
        return TestClient.connected(pipe(), clientId);
    }

    @Override
    public void close() {
        broker.close();
    }
}
