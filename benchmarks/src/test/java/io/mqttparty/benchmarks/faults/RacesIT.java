package io.mqttparty.benchmarks.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two nodes on a real Redis, and clients that are at both at once. */
@Timeout(value = 4, unit = TimeUnit.MINUTES)
@Tag("fault")
final class RacesIT {
    private static final int ROUNDS = 1_000;

    private static Races races;

    @BeforeAll
    static void start() {
        races = new Races();
    }

    @AfterAll
    static void stop() {
        races.close();
    }

    @Test
    void subackAtOneNode_publishAtTheOther_isDelivered() throws IOException {
        assertThat(races.subscribeThenPublish(ROUNDS)).isZero();
    }

    @Test
    void disconnectAtOneNode_connectAtTheOther_noWillAndNoSessionLost() throws IOException {
        assertThat(races.disconnectThenConnect(ROUNDS)).isZero();
    }

    @Test
    void oneClientAtBothNodesInTurn_nothingLostAndOneConnectionLeft() throws Exception {
        assertThat(races.pingPong(ROUNDS)).isZero();
    }
}
