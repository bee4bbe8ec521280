package io.mqttparty.redis.internal.cluster;

import static io.mqttparty.redis.internal.cluster.TestProcess.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mqttparty.model.Message;
import io.mqttparty.model.QoS;
import io.mqttparty.model.TopicFilter;
import io.mqttparty.redis.fixture.RedisServer;
import io.mqttparty.redis.fixture.RespClient;
import io.mqttparty.spi.BusRecord;
import io.mqttparty.spi.RoutePosition;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What membership costs Redis, and a subscriber. */
final class CostIT {
    private static final System.Logger LOG = System.getLogger(CostIT.class.getName());
    private static final Set<String> OF_THE_TEST = Set.of("info", "config|resetstat");

    private RedisServer server;
    private RespClient control;
    private TestProcess first;
    private TestProcess second;

    @BeforeEach
    void start() {
        server = RedisServer.start();
        control = server.client();
        first = TestProcess.open(server.port(), "p:", ClusterTimings.DEFAULT);
        second = TestProcess.open(server.port(), "p:", ClusterTimings.DEFAULT);
    }

    @AfterEach
    void stop() {
        second.close();
        first.close();
        control.close();
        server.close();
    }

    @Test
    void idleNode_commandsPerSecond_areTheReadsAndTheRenewal() {
        first.join("one");
        control.resetStatistics();
        long start = System.nanoTime();
        await().atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(100))
                .until(() -> control.commandCalls().getOrDefault("set", 0L) == 2);

        double seconds = (System.nanoTime() - start) / 1e9;
        Map<String, Long> calls = control.commandCalls();
        double perSecond = calls.entrySet().stream()
                        .filter(each -> !OF_THE_TEST.contains(each.getKey()))
                        .mapToLong(Map.Entry::getValue)
                        .sum()
                / seconds;
        LOG.log(System.Logger.Level.INFO, "idle: {0} commands/s over {1} s: {2}", perSecond, seconds, calls);
        assertThat(perSecond).isLessThan(11);
    }

    @Test
    void gate_twoNodes_opensInMilliseconds() {
        TestNode one = first.join("one");
        second.join("two");
        for (boolean paced : new boolean[] {false, true}) {
            long[] micros = new long[500];
            for (int i = 0; i < micros.length; i++) {
                long start = System.nanoTime();
                String filter = paced + "/" + i;
                RoutePosition position =
                        await(first.routes().addTransient(one.id(), TopicFilter.of(filter), QoS.AT_LEAST_ONCE));
                while (await(first.routes().appliedByAll()).compareTo(position) < 0) {
                    Thread.onSpinWait();
                }
                micros[i] = (System.nanoTime() - start) / 1_000;
                if (paced) { // longer than from one write of a position to the next
                    LockSupport.parkNanos(20_000_000);
                }
            }
            Arrays.sort(micros);
            LOG.log(
                    System.Logger.Level.INFO,
                    "{0}: p50 {1} us, p99 {2} us, max {3} us",
                    paced ? "subscribe and gate, now and then" : "subscribe and gate, one after the other",
                    micros[250],
                    micros[495],
                    micros[499]);
            assertThat(micros[250]).isLessThan(100_000);
        }
    }

    @Test
    void bus_manySmallRecords_leaveInBatches() {
        TestNode one = first.join("one");
        TestNode two = second.join("two");
        int count = 100_000;
        int window = 5_000;
        BusRecord record = new BusRecord.Transmit(Message.of("a/b/c", "x".repeat(200), QoS.AT_LEAST_ONCE));
        ArrayDeque<CompletionStage<Boolean>> sent = new ArrayDeque<>();
        long start = System.nanoTime();
        for (int i = 0; i < count; i++) {
            sent.add(first.bus().send(one.id(), two.id(), record));
            if (sent.size() == window) {
                assertThat(await(sent.remove())).isTrue();
            }
        }
        sent.forEach(each -> assertThat(await(each)).isTrue());
        await().atMost(Duration.ofSeconds(30))
                .until(() -> second.cluster().counters().received() >= count);

        double seconds = (System.nanoTime() - start) / 1e9;
        LOG.log(
                System.Logger.Level.INFO,
                "bus: {0} records/s, {1} a batch",
                count / seconds,
                count / first.cluster().counters().batches());
        assertThat(first.cluster().counters().batches()).isLessThan(count / 10);
        assertThat(two.gaps).hasValue(0);
    }
}
