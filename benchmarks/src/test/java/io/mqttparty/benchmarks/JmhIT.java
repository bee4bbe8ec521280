package io.mqttparty.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collection;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Each JMH benchmark for a moment. Times mean nothing here; each has to run. */
class JmhIT {
    @Test
    void benchmarks_run() throws RunnerException {
        Options options = new OptionsBuilder()
                .include("Benchmark")
                .forks(0)
                .warmupIterations(0)
                .measurementIterations(1)
                .measurementTime(TimeValue.milliseconds(10))
                .shouldFailOnError(true)
                .verbosity(VerboseMode.SILENT)
                .build();

        Collection<RunResult> results = new Runner(options).run();

        assertThat(results)
                .extracting(each -> each.getParams().getBenchmark().replaceFirst("^.*\\.(\\w+)\\.\\w+$", "$1"))
                .contains("CodecBenchmark", "DecisionBenchmark", "MachineBenchmark", "RoutingBenchmark");
        assertThat(results)
                .allSatisfy(each -> assertThat(
                                each.getPrimaryResult().getStatistics().getN())
                        .isPositive());
    }
}
