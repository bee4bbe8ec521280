package io.mqttparty.benchmarks.redis;

import java.io.IOException;
import java.util.List;

/**
 * Which processor runs what.
 *
 * @param broker of the broker, the generator and the calibration; negative for any
 * @param redis of Redis; negative for any
 */
record Processors(int broker, int redis) {
    /** Nobody is bound to a processor. */
    static final Processors ANY = new Processors(-1, -1);

    /** Two numbers with a comma between them, or {@code any}. Any too where there is no {@code taskset}, or only one processor. */
    static Processors parse(String value) throws IOException {
        if (value.equals("any") || Runtime.getRuntime().availableProcessors() < 2 || !hasTaskset()) {
            return ANY;
        }
        String[] numbers = value.split(",", -1);
        return new Processors(Integer.parseInt(numbers[0]), Integer.parseInt(numbers[1]));
    }

    private static boolean hasTaskset() {
        try {
            return run("taskset", "-p", Long.toString(ProcessHandle.current().pid())) == 0;
        } catch (IOException e) {
            return false;
        }
    }

    /** Binds all threads of this JVM to the processor of the broker. */
    void pinThis() throws IOException {
        pin(broker, ProcessHandle.current().pid());
    }

    void pinRedis(long pid) throws IOException {
        pin(redis, pid);
    }

    private static void pin(int processor, long pid) throws IOException {
        if (processor >= 0 && run("taskset", "-a", "-c", "-p", "" + processor, "" + pid) != 0) {
            throw new IOException("processor: " + processor + " (expected: one that taskset can use)");
        }
    }

    private static int run(String... command) throws IOException {
        try {
            return new ProcessBuilder(command)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    /** What comes before the command of the broker. */
    List<String> commandOfBroker() {
        return broker < 0 ? List.of() : List.of("taskset", "-c", "" + broker);
    }
}
