package io.mqttparty.benchmarks.load;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Arguments of the form {@code name=value}. */
public final class Options {
    private Options() {}

    /**
     * The values by name.
     *
     * @throws IllegalArgumentException if one is not of this form, or its name is not among these
     */
    public static Map<String, String> parse(String[] args, List<String> names) {
        Map<String, String> options = new HashMap<>();
        for (String arg : args) {
            int split = arg.indexOf('=');
            String name = split < 0 ? arg : arg.substring(0, split);
            if (split < 0 || !names.contains(name)) {
                throw new IllegalArgumentException(
                        "argument: " + arg + " (expected: name=value, name one of " + names + ")");
            }
            options.put(name, arg.substring(split + 1));
        }
        return options;
    }
}
