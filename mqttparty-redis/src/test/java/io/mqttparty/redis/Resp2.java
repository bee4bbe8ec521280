package io.mqttparty.redis;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.protocol.ProtocolVersion;

/** A client that speaks the older protocol of Redis, in which XREAD answers otherwise and nil has two forms. */
final class Resp2 {
    private static final class Holder {
        private static final RedisClient CLIENT = newClient();
    }

    private Resp2() {}

    /** One for all tests of this process; backends leave it open. */
    static RedisClient client() {
        return Holder.CLIENT;
    }

    private static RedisClient newClient() {
        RedisClient client = RedisClient.create();
        client.setOptions(ClientOptions.builder()
                .protocolVersion(ProtocolVersion.RESP2)
                .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
                .build());
        Runtime.getRuntime().addShutdownHook(new Thread(client::shutdown));
        return client;
    }
}
