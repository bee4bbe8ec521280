package io.mqttparty.examples.karma;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** {@code --name value} pairs of a command line. */
final class Arguments {
    private final Map<String, String> values = new TreeMap<>();

    /**
     * Reads them.
     *
     * @throws IllegalArgumentException if there is something else
     */
    Arguments(String[] args, String... names) {
        List<String> known = List.of(names);
        for (int i = 0; i < args.length; i += 2) {
            String name = args[i].startsWith("--") ? args[i].substring(2) : "";
            if (!known.contains(name)) {
                throw new IllegalArgumentException(
                        args[i] + " (expected: one of --" + String.join(", --", known) + ")");
            }
            if (i + 1 == args.length) {
                throw new IllegalArgumentException(args[i] + ": no value");
            }
            values.put(name, args[i + 1]);
        }
    }

    String text(String name, String otherwise) {
        return values.getOrDefault(name, otherwise);
    }

    int number(String name, int otherwise) {
        String value = text(name, "" + otherwise);
        try {
            return Integer.parseInt(value);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("--" + name + ": " + value + " (expected: a number)", e);
        }
    }

    /** Runs a program; what is wrong with its arguments is one line on standard error and exit code 2. */
    static void run(Program program) throws Exception {
        try {
            program.run();
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.exit(2);
        }
    }

    /** What {@link #run} runs. */
    interface Program {
        void run() throws Exception;
    }
}
