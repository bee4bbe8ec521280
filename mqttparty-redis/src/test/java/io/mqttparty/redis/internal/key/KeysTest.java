package io.mqttparty.redis.internal.key;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.mqttparty.model.ClientId;
import io.mqttparty.spi.NodeId;
import io.mqttparty.spi.SessionRef;
import io.mqttparty.spi.Token;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class KeysTest {
    private static final List<String> ODD_IDS = List.of(
            "a",
            "{a}",
            "{a",
            "a}",
            "%7Ba%7D",
            "a:s",
            "{a}:s",
            "a}:s",
            "r:s",
            "n:a",
            "nodes",
            "a\nb",
            "a\u0001b",
            "a b",
            "*",
            "ä",
            "😀",
            "..",
            "a}:q:x",
            "%",
            "%25",
            "exp:0");

    private final Keys keys = new Keys("mp:");

    @Test
    void keys_plainClient_areAsDocumented() {
        ClientId client = ClientId.of("dev-1");
        SessionRef session = new SessionRef(client, new Token("node.1-7"));

        assertThat(text(keys.session(client))).isEqualTo("mp:{dev-1}:s");
        assertThat(text(keys.queue(session))).isEqualTo("mp:{dev-1}:q:node.1-7");
        assertThat(text(keys.released(client))).isEqualTo("mp:{dev-1}:r");
        assertThat(text(keys.inbound(client))).isEqualTo("mp:{dev-1}:i");
        assertThat(text(keys.inbox(new NodeId("one.1")))).isEqualTo("mp:n:{one.1}:in");
    }

    @Test
    void keys_oddClients_collideWithNothing() {
        Set<String> all = new HashSet<>(List.of(
                text(keys.routes()),
                text(keys.routeLog()),
                text(keys.routesApplied()),
                text(keys.nodes()),
                text(keys.sweeper())));
        int count = all.size();
        for (String id : ODD_IDS) {
            ClientId client = ClientId.of(id);
            NodeId node = new NodeId(id);
            for (byte[] key : List.of(
                    keys.session(client),
                    keys.queue(new SessionRef(client, new Token("t"))),
                    keys.released(client),
                    keys.inbound(client),
                    keys.lease(node),
                    keys.attached(node),
                    keys.transientFilters(node),
                    keys.inbox(node),
                    keys.reaper(node))) {
                all.add(text(key));
                count++;
            }
        }

        assertThat(all).hasSize(count);
    }

    @Test
    void keys_oddClients_hashTagIsTheWholeEncodedId() {
        for (String id : ODD_IDS) {
            String key = text(keys.session(ClientId.of(id)));
            int open = key.indexOf('{');
            int close = key.indexOf('}', open);

            assertThat(key.substring(open + 1, close))
                    .isEqualTo(Keys.encode(id))
                    .isNotEmpty();
            assertThat(key.substring(close)).isEqualTo("}:s");
        }
    }

    @Test
    void keys_otherPrefix_areOthers() {
        assertThat(text(new Keys("x:").nodes())).isEqualTo("x:nodes");
    }

    @Test
    void buckets_anyHash_areInRange() {
        for (int i = 0; i < 10_000; i++) {
            String text = Integer.toString(i * 7919);

            assertThat(Keys.dueBucket(ClientId.of(text))).isBetween(0, Keys.DUE_BUCKETS - 1);
            assertThat(Keys.retainedBucket(text)).isBetween(0, Keys.RETAINED_BUCKETS - 1);
        }
    }

    private static String text(byte[] key) {
        return new String(key, UTF_8);
    }
}
