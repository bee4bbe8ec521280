package io.mqttparty.redis.internal.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttparty.model.ClientId;
import io.mqttparty.spi.SessionRef;
import io.mqttparty.spi.Token;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class SessionNamesTest {
    private static final ClientId A = ClientId.of("a");

    private final SessionNames names = new SessionNames(1_000);

    @Test
    void of_nothingLearnt_isUnknown() {
        assertThat(names.of(A)).isEqualTo(new SessionNames.Names(A, "", ""));
        assertThat(names.of(A).isUnknown()).isTrue();
    }

    @Test
    void of_learntTwice_isTheLatest() {
        names.learn(A, "i1", "n1");
        names.learn(A, "i2", "");

        assertThat(names.of(A)).isEqualTo(new SessionNames.Names(A, "i2", ""));
        assertThat(names.of(A).isUnknown()).isFalse();
    }

    @Test
    void of_asManyAsThereMayBeConnections_almostAllAreKnown() {
        IntStream.range(0, 1_000).forEach(i -> names.learn(client(i), "i" + i, "n"));

        long known = IntStream.range(0, 1_000)
                .filter(i -> names.of(client(i)).incarnation().equals("i" + i))
                .count();

        assertThat(known).isGreaterThan(980);
    }

    @Test
    void of_manyMore_theLatestIsKnownAndNoneIsWrong() {
        for (int i = 0; i < 100_000; i++) {
            names.learn(client(i), "i" + i, "n");
            assertThat(names.of(client(i)).incarnation()).isEqualTo("i" + i);
        }
        for (int i = 0; i < 100_000; i++) {
            assertThat(names.of(client(i)).incarnation()).isIn("", "i" + i);
        }
    }

    @Test
    void left_connected_keepsTheIncarnation() {
        names.learn(A, "i1", "n1");

        names.left(A);

        assertThat(names.of(A)).isEqualTo(new SessionNames.Names(A, "i1", ""));
    }

    @Test
    void ended_theSameIncarnation_isUnknown() {
        names.learn(A, "i1", "n1");
        names.ended(session(A, "i0"));
        assertThat(names.of(A).incarnation()).isEqualTo("i1");

        names.ended(session(A, "i1"));

        assertThat(names.of(A).isUnknown()).isTrue();
    }

    @Test
    void heard_whatIsKnown_keepsTheOwner() {
        names.learn(A, "i1", "n1");

        names.heard(session(A, "i1"));

        assertThat(names.of(A).node()).isEqualTo("n1");
    }

    @Test
    void heard_anotherIncarnation_replacesIt() {
        names.learn(A, "i1", "n1");

        names.heard(session(A, "i2"));

        assertThat(names.of(A)).isEqualTo(new SessionNames.Names(A, "i2", ""));
    }

    @Test
    void heard_ofVeryMany_connectedOnesStay() {
        IntStream.range(0, 500).forEach(i -> names.learn(client(i), "i" + i, "n"));
        IntStream.range(500, 100_000).forEach(i -> names.heard(session(client(i), "i" + i)));

        long known = IntStream.range(0, 500)
                .filter(i -> names.of(client(i)).node().equals("n"))
                .count();
        long heard = IntStream.range(500, 100_000)
                .filter(i -> !names.of(client(i)).isUnknown())
                .count();

        assertThat(known).isGreaterThan(490);
        assertThat(heard).as("what there was room for").isGreaterThan(2_000);
    }

    private static SessionRef session(ClientId client, String incarnation) {
        return new SessionRef(client, new Token(incarnation));
    }

    private static ClientId client(int i) {
        return ClientId.of("device-" + i);
    }
}
