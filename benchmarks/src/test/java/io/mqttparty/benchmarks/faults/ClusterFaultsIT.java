package io.mqttparty.benchmarks.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Three nodes in processes of their own, on a real Redis, each kind of fault for some seconds. The long form is {@link FaultMain}. */
@Tag("fault")
final class ClusterFaultsIT {
    private static final long SEED = 20_141_101;

    private static FaultRun run;

    @BeforeAll
    static void start() {
        run = new FaultRun(SEED);
    }

    @AfterAll
    static void stop() {
        run.close();
    }

    @ParameterizedTest
    @EnumSource(FaultRun.Kind.class)
    @Timeout(value = 4, unit = TimeUnit.MINUTES)
    void fault_underLoad_whatWasAcknowledgedArrives(FaultRun.Kind kind) throws InterruptedException {
        Verdict verdict = run.run(kind, Duration.ofSeconds(8));

        System.out.println(kind + ": " + verdict);
        assertThat(verdict.settled())
                .as("service goes on by itself: %s", verdict)
                .isTrue();
        assertThat(verdict.acknowledged()).as("acknowledged: %s", verdict).isPositive();
        assertThat(verdict.missing()).as("%s", verdict).isEmpty();
        assertThat(verdict.repeatedQos2()).as("%s", verdict).isEmpty();
        if (kind == FaultRun.Kind.KILL || kind == FaultRun.Kind.RESTART) { // elsewhere legs may fail, which costs order
            assertThat(verdict.outOfOrder()).as("%s", verdict).isEmpty();
        }
        assertThat(verdict.astray())
                .as("clients that are not at exactly one node")
                .isEmpty();
        assertThat(run.nodes()).allMatch(Node::isAlive);
    }
}
