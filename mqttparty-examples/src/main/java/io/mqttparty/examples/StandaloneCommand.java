package io.mqttparty.examples;

import java.io.PrintStream;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.OverwrittenOptionException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * The command line of {@link Standalone}: what it does not find among the arguments it looks up in the environment. The options are given to
 * the library as objects, since annotations would need reflection, and a start would take longer.
 */
final class StandaloneCommand {
    private final ParseResult parsed;
    private final Map<String, String> environment;

    /**
     * Reads a command line.
     *
     * @throws IllegalArgumentException if an argument is no option or an option lacks its value. Of arguments that are not known the message
     *     shows the first alone: the next may be its secret value
     */
    StandaloneCommand(String[] args, Map<String, String> environment) {
        this.environment = environment;
        try {
            this.parsed = commandLine().parseArgs(withValues(args));
        } catch (ParameterException e) {
            throw new IllegalArgumentException(explain(e), e);
        }
    }

    /** An option whose value can be left out takes one only behind an equals sign: what follows is something else. */
    private static String[] withValues(String[] args) {
        String[] complete = args.clone();
        for (StandaloneOption option : StandaloneOption.values()) {
            if (option.kind() == StandaloneOption.Kind.OPTIONAL_VALUE) {
                Arrays.setAll(complete, i -> complete[i].equals(option.text()) ? option.text() + "=true" : complete[i]);
            }
        }
        return complete;
    }

    private static String explain(ParameterException e) {
        if (e instanceof UnmatchedArgumentException unknown) {
            return "unknown option: " + unknown.getUnmatched().get(0);
        }
        if (e instanceof MissingParameterException missing) {
            ArgSpec argument = missing.getMissing().get(0);
            return ((OptionSpec) argument).longestName() + ": no value (expected: " + argument.paramLabel() + ")";
        }
        if (e instanceof OverwrittenOptionException twice) {
            return ((OptionSpec) twice.getOverwritten()).longestName() + ": twice (expected: once)";
        }
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("wrong options");
    }

    private static CommandLine commandLine() {
        CommandSpec spec = CommandSpec.create().name("mqttparty");
        for (StandaloneOption option : StandaloneOption.values()) {
            spec.addOption(spec(option));
        }
        spec.usageMessage()
                .customSynopsis("java -jar mqttparty-standalone.jar [OPTION...]")
                .description("An MQTT 3.1.1 broker that keeps its state in memory or in Redis.")
                .sortOptions(false)
                .width(100)
                .footer(
                        "",
                        "Each option can be set in the environment too: --mqtt-port is MQTTPARTY_MQTT_PORT, and so on. The "
                                + "command line goes first. There a switch is true or false, and users, upstreams and tokens are separated by newlines.",
                        "Exit codes: 0 ended by SIGTERM, 1 cannot serve, 2 wrong options.");
        // Else --user --allow-anonymous would make a user of the switch.
        return new CommandLine(spec).setAllowOptionsAsOptionParameters(false);
    }

    private static OptionSpec spec(StandaloneOption option) {
        OptionSpec.Builder builder = OptionSpec.builder(option.text())
                .description(option.help())
                .paramLabel(option.value())
                .hideParamSyntax(option.kind() != StandaloneOption.Kind.OPTIONAL_VALUE);
        return switch (option.kind()) {
            case VALUE -> builder.arity("1").type(String.class).build();
            case VALUES ->
                builder.arity("1").type(List.class).auxiliaryTypes(String.class).build();
            case OPTIONAL_VALUE -> builder.arity("0..1").type(String.class).build();
            case HELP -> builder.arity("0").type(boolean.class).usageHelp(true).build();
            case VERSION ->
                builder.arity("0").type(boolean.class).versionHelp(true).build();
        };
    }

    /** Writes what the options are. */
    static void printUsage(PrintStream out) {
        commandLine().usage(out);
    }

    /** Whether an option stands on the command line. */
    boolean has(StandaloneOption option) {
        return parsed.hasMatchedOption(option.text());
    }

    /** All values of an option; in the environment they are separated by newlines. */
    List<String> values(StandaloneOption option) {
        return has(option)
                ? parsed.matchedOptionValue(option.text(), List.of())
                : environment.getOrDefault(option.variable(), "").lines().toList();
    }

    /** The value of an option that can be given once. An empty variable counts as not set: that is how compose and unit files unset one. */
    String value(StandaloneOption option, String otherwise) {
        if (has(option)) {
            return parsed.matchedOptionValue(option.text(), otherwise);
        }
        String value = environment.getOrDefault(option.variable(), "");
        return value.isEmpty() ? otherwise : value;
    }

    int number(StandaloneOption option, int otherwise) {
        String value = value(option, Integer.toString(otherwise));
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
