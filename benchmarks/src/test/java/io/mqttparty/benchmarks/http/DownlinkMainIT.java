package io.mqttparty.benchmarks.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The benchmark of the downlink in short. Times mean nothing here; each call has to be answered. */
class DownlinkMainIT {
    @Test
    void downlinkBenchmark_short_allLinesHaveCallsThatWereAnswered() throws Exception {
        Map<DownlinkMain.Line, List<DownlinkRound.Result>> results =
                DownlinkMain.run("rounds=1", "seconds=1", "warmup=1", "callers=2");

        assertThat(results).hasSize(6);
        assertThat(results.values()).allSatisfy(rounds -> {
            assertThat(rounds).hasSize(1);
            assertThat(rounds.get(0).calls()).isPositive();
            assertThat(rounds.get(0).p50Micros())
                    .isPositive()
                    .isLessThanOrEqualTo(rounds.get(0).p99Micros());
        });
        ByteArrayOutputStream table = new ByteArrayOutputStream();
        DownlinkMain.print(results, new PrintStream(table, true, StandardCharsets.UTF_8));
        assertThat(table.toString(StandardCharsets.UTF_8)).contains("| two nodes, Redis | persistent | 2 |");
    }
}
