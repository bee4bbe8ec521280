package io.mqttparty.benchmarks.load;

import java.io.IOException;
import java.util.List;

/**
 * Which processor runs what.
 *
 * @param broker of what is measured; negative for any
 * @param other of what it talks to; negative for any
 */
public record Processors(int broker, int other) {
    /** Nobody is bound to a processor. */
    public static final Processors ANY = new Processors(-1, -1);

    /** Two numbers with a comma between them, or {@code any}. Any too where there is no {@code taskset}, or only one processor. */
    public static Processors parse(String value) throws IOException {
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
    public void pinThis() throws IOException {
        pin(broker, ProcessHandle.current().pid());
    }

    /** Binds all threads of this JVM to the other processor. */
    public void pinThisToTheOther() throws IOException {
        pin(other, ProcessHandle.current().pid());
    }

    /** Binds a process to the other processor. */
    public void pinOther(long pid) throws IOException {
        pin(other, pid);
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
    public List<String> commandOfBroker() {
        return command(broker);
    }

    /** What comes before the command of a program on the other processor. */
    public List<String> commandOfOther() {
        return command(other);
    }

    private static List<String> command(int processor) {
        return processor < 0 ? List.of() : List.of("taskset", "-c", "" + processor);
    }
}
