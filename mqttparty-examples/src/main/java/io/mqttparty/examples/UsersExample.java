package io.mqttparty.examples;

import io.mqttparty.MqttParty;
import io.mqttparty.MqttPartyBuilder;
import io.mqttparty.examples.TopicAuthorizer.Rights;
import io.mqttparty.model.TopicFilter;
import io.mqttparty.netty.NettyTransport;
import java.util.List;
import java.util.Map;

/** A broker with two users: each has topics of its own, and both read the news. */
public final class UsersExample {
    private static final TopicFilter ANNA = TopicFilter.of("users/anna/#");
    private static final TopicFilter BEN = TopicFilter.of("users/ben/#");
    private static final TopicFilter NEWS = TopicFilter.of("news/+");

    private UsersExample() {}

    /** Starts it on port 1883. */
    public static void main(String[] args) {
        MqttParty broker =
                describe().listener(NettyTransport.tcp(1883).host("127.0.0.1")).build();
        broker.start().toCompletableFuture().join();
    }

    static MqttPartyBuilder describe() {
        return MqttParty.builder()
                .authenticator(new PasswordAuthenticator(Map.of("anna", "secret-a", "ben", "secret-b")))
                .authorizer(new TopicAuthorizer(Map.of(
                        "anna", new Rights(List.of(ANNA), List.of(ANNA, NEWS)),
                        "ben", new Rights(List.of(BEN, NEWS), List.of(BEN, NEWS)))));
    }
}
