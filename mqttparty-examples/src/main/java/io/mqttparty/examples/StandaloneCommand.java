package io.mqttparty.examples;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * The command line of {@link Standalone}: what it does not find among the arguments it looks up in the environment. Written by hand, since a
 * library with annotations would need more time than all of MQTTParty to start.
 */
final class StandaloneCommand {
    private final Map<StandaloneOption, List<String>> given = new EnumMap<>(StandaloneOption.class);
    private final Map<String, String> environment;

    /**
     * @throws IllegalArgumentException if an argument is no option or an option lacks its value. Of arguments that are not known the message
     *     shows the first alone, without a value: it may be secret
     */
    StandaloneCommand(String[] args, Map<String, String> environment) {
        this.environment = environment;
        for (int i = 0; i < args.length; i++) {
            int equals = args[i].indexOf('=');
            StandaloneOption option = named(equals < 0 ? args[i] : args[i].substring(0, equals));
            String value;
            if (equals >= 0) {
                value = args[i].substring(equals + 1);
            } else if (!option.needsValue()) {
                value = "true";
            } else if (i + 1 < args.length && !args[i + 1].startsWith("--")) {
                value = args[++i];
            } else {
                throw new IllegalArgumentException(option.text() + ": no value (expected: " + option.value() + ")");
            }
            given.computeIfAbsent(option, first -> new ArrayList<>()).add(value);
        }
    }

    private static StandaloneOption named(String text) {
        for (StandaloneOption option : StandaloneOption.values()) {
            if (option.text().equals(text)) {
                return option;
            }
        }
        throw new IllegalArgumentException("unknown option: " + text);
    }

    /** Whether an option stands on the command line. */
    boolean has(StandaloneOption option) {
        return given.containsKey(option);
    }

    /** All values of an option; in the environment they are separated by newlines. */
    List<String> values(StandaloneOption option) {
        List<String> values = given.get(option);
        return values != null
                ? values
                : environment.getOrDefault(option.variable(), "").lines().toList();
    }

    /** The value of an option that can be given once. An empty variable counts as not set: that is how compose and unit files unset one. */
    String value(StandaloneOption option, String otherwise) {
        List<String> values = given.get(option);
        if (values == null) {
            String value = environment.getOrDefault(option.variable(), "");
            return value.isEmpty() ? otherwise : value;
        }
        if (values.size() > 1) {
            throw new IllegalArgumentException(option.text() + ": " + values.size() + " times (expected: once)");
        }
        return values.get(0);
    }

    int number(StandaloneOption option, int otherwise) {
        String value = value(option, "" + otherwise);
        try {
            return Integer.parseInt(value);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(option.text() + ": " + value + " (expected: a number)", e);
        }
    }

    /** Whether a switch is on. */
    boolean isOn(StandaloneOption option) {
        String value = value(option, "false");
        return switch (value) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException(option.text() + ": " + value + " (expected: true or false)");
        };
    }
}
