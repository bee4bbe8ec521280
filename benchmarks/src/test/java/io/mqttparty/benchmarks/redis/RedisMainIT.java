package io.mqttparty.benchmarks.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** The benchmark of the Redis backend in short. Times mean nothing here; counts are exact wherever it runs. */
class RedisMainIT {
    @Test
    void redisBenchmark_short_threeCommandsPerMessageNothingLostIdleCostsNothing()
            throws IOException, InterruptedException {
        Result result = RedisMain.run(
                "payloads=200",
                "pairs=10",
                "rounds=1",
                "seconds=2",
                "warmup=1",
                "calibrations=1",
                "connections=100",
                "idle=1",
                "processors=any",
                "jvm=-Xms64m");

        Result.Load load = result.loads().get(0);
        assertThat(load.lost()).as("lost").isZero();
        assertThat(load.repeated()).as("repeated or out of order").isZero();
        Round round = load.rounds().get(0);
        assertThat(round.delivered()).isPositive();
        assertThat(round.redis().commands().get("xadd")).isGreaterThanOrEqualTo(round.delivered());
        assertThat(round.commandsPerMessage()).as("commands per message").isLessThanOrEqualTo(3.2);
        assertThat(round.alone().sum()).as("XADD, HGET and XDEL alone, us").isPositive();

        Connections.Costs connections = result.connections().get(0);
        assertThat(connections.naming()).as("commands for 100 idle clients").isZero();
        assertThat(connections.attach().commands().get("evalsha")).isGreaterThanOrEqualTo(100);

        ByteArrayOutputStream table = new ByteArrayOutputStream();
        result.print(new PrintStream(table, true, StandardCharsets.UTF_8));
        assertThat(table.toString(StandardCharsets.UTF_8)).contains("| **commands per message** |");
    }
}
