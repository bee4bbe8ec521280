package io.mqttparty.benchmarks.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttparty.redis.Durability;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A node dies with all its clients; the primary of Redis dies. */
@Timeout(value = 4, unit = TimeUnit.MINUTES)
@Tag("fault")
final class DeathIT {
    private static final int CLIENTS = 1_000;
    private static final int MESSAGES_PER_SECOND = 200;

    @Test
    void nodeWithAThousandWills_dies_eachIsPublishedOnce() throws IOException {
        Map<String, Integer> came = NodeDeath.wills(CLIENTS);

        assertThat(came).hasSize(CLIENTS);
        assertThat(came.values()).containsOnly(1);
    }

    @Test
    void nodeWithThousandsOfSessions_dies_allAreBackWithinAMinuteAndServed() throws IOException, InterruptedException {
        ReconnectStorm.Result result = ReconnectStorm.run(2 * CLIENTS);

        System.out.println("reconnect storm: " + result);
        assertThat(result.withSession()).isEqualTo(2 * CLIENTS);
        assertThat(result.served()).isEqualTo(2 * CLIENTS);
        assertThat(result.time()).isLessThan(Duration.ofMinutes(1));
    }

    @Test
    void primary_killedAndReplicaPromoted_withReplicaNothingAcknowledgedIsLost() throws InterruptedException {
        Verdict verdict = SentinelFailover.run(Durability.REPLICA, MESSAGES_PER_SECOND);

        System.out.println("failover: " + verdict);
        assertThat(verdict.settled()).as("sessions go on: %s", verdict).isTrue();
        assertThat(verdict.acknowledged()).isPositive();
        assertThat(verdict.missing()).as("%s", verdict).isEmpty();
        assertThat(verdict.repeatedQos2()).as("%s", verdict).isEmpty();
    }
}
