// The hello world of README.md. ReadmeTest holds the two together: everything below the package line is shown there.
package io.mqttparty.examples;

import io.mqttparty.MqttParty;
import io.mqttparty.netty.NettyTransport;

public final class HelloBroker {
    public static void main(String[] args) {
        MqttParty broker = MqttParty.builder()
                .listener(NettyTransport.tcp(Integer.getInteger("port", 1883)).host("127.0.0.1"))
                .allowAnonymous()
                .build();
        broker.start().toCompletableFuture().join();
        System.out.println("MQTT on port " + broker.port());
    }
}
