package io.mqttparty.benchmarks.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** The benchmark of the uplink in short. Times mean nothing here; counts are exact wherever it runs. */
class UplinkMainIT {
    @Test
    void uplinkBenchmark_short_oneRequestForEachMessageNothingLost() throws IOException {
        UplinkMain.Result result = UplinkMain.run(
                        "payloads=64",
                        "devices=20",
                        "window=4",
                        "rounds=1",
                        "seconds=1",
                        "warmup=2",
                        "processors=any",
                        "jvm=-Xms64m")
                .get(0);

        assertThat(result.lost()).as("lost").isZero();
        UplinkRound round = result.rounds().get(0);
        assertThat(round.acknowledged()).isPositive();
        assertThat(round.received()).as("requests").isEqualTo(round.acknowledged());
        assertThat(round.raw().requests()).isPositive();
        assertThat(round.direct().requests()).isPositive();
        assertThat(round.ratioTo(round.raw())).isPositive();

        ByteArrayOutputStream table = new ByteArrayOutputStream();
        result.print(new PrintStream(table, true, StandardCharsets.UTF_8));
        assertThat(table.toString(StandardCharsets.UTF_8)).contains("| **messages / raw requests** |");
    }
}
