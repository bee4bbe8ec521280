package io.mqttparty.internal.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttparty.model.ClientId;
import io.mqttparty.spi.NodeId;
import io.mqttparty.spi.Owner;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class OwnerCacheTest {
    private static final NodeId SELF = new NodeId("self.1");
    private static final NodeId B = new NodeId("b.1");
    private static final NodeId C = new NodeId("c.1");
    private static final ClientId CLIENT = ClientId.of("client");

    private long now = Long.MAX_VALUE - 1_000; // and over the edge
    private final OwnerCache cache = new OwnerCache(() -> SELF, () -> now);

    @Test
    void nodeOf_heard_isKnownForTwoSeconds() {
        cache.heard(CLIENT, at(B));
        assertThat(cache.nodeOf(CLIENT)).isEqualTo(B);
        now += OwnerCache.LIFE_NANOS - 1;
        assertThat(cache.nodeOf(CLIENT)).isEqualTo(B);
        now++;
        assertThat(cache.nodeOf(CLIENT)).isNull();
    }

    @Test
    void heard_again_livesLonger() {
        cache.heard(CLIENT, at(B));
        now += OwnerCache.LIFE_NANOS / 2;
        cache.heard(CLIENT, at(B));
        now += OwnerCache.LIFE_NANOS - 1;
        assertThat(cache.nodeOf(CLIENT)).isEqualTo(B);
    }

    @Test
    void heard_anotherNode_countsAtOnce() {
        cache.heard(CLIENT, at(B));
        cache.heard(CLIENT, at(C));
        assertThat(cache.nodeOf(CLIENT)).isEqualTo(C);
    }

    @Test
    void heard_offlineOrHere_forgets() {
        cache.heard(CLIENT, at(B));
        cache.heard(CLIENT, Owner.OFFLINE);
        assertThat(cache.nodeOf(CLIENT)).isNull();
        cache.heard(CLIENT, at(B));
        cache.heard(CLIENT, at(SELF));
        assertThat(cache.nodeOf(CLIENT)).isNull();
    }

    @Test
    void forget_anotherNode_changesNothing() {
        cache.heard(CLIENT, at(B));
        cache.forget(CLIENT, C);
        assertThat(cache.nodeOf(CLIENT)).isEqualTo(B);
        cache.forget(CLIENT, B);
        assertThat(cache.nodeOf(CLIENT)).isNull();
    }

    @Test // its size is its bound, and most of it can be used
    void heard_ofManyClients_keepsNoMoreThanItsSlots() {
        ClientId[] clients =
                IntStream.range(0, 50_000).mapToObj(i -> ClientId.of("c" + i)).toArray(ClientId[]::new);
        for (ClientId client : clients) {
            cache.heard(client, at(B));
        }
        long known = IntStream.range(0, clients.length)
                .filter(i -> cache.nodeOf(clients[i]) != null)
                .count();
        assertThat(known).isBetween(OwnerCache.SLOTS / 2L, (long) OwnerCache.SLOTS);
    }

    private static Owner at(NodeId node) {
        return new Owner(Optional.of(node), 1);
    }
}
