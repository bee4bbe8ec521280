package io.mqttparty.examples;

import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** The command line of {@link Standalone}: what it does not find among the arguments it looks up in the environment. */
final class StandaloneCommand {
    private StandaloneCommand() {}

    static CommandLine of(StandaloneOptions options, Map<String, String> environment) {
        CommandLine commandLine = new CommandLine(options)
                .setDefaultValueProvider(argument -> valueOf(argument, environment))
                // Else --user --allow-anonymous would make a user of the switch.
                .setAllowOptionsAsOptionParameters(false);
        commandLine.getCommandSpec().versionProvider(() -> new String[] {"mqttparty " + version()});
        return commandLine;
    }

    /** Empty counts as not set: that is how compose files and unit files unset a variable. */
    private static @Nullable String valueOf(ArgSpec argument, Map<String, String> environment) {
        if (!(argument instanceof OptionSpec option) || option.usageHelp() || option.versionHelp()) {
            return null;
        }
        String value = environment.getOrDefault(variable(option), "");
        return value.isEmpty() ? null : value;
    }

    private static String variable(OptionSpec option) {
        return "MQTTPARTY_"
                + option.longestName().substring(2).replace('-', '_').toUpperCase(Locale.ROOT);
    }

    private static String version() {
        String version = Standalone.class.getPackage().getImplementationVersion();
        return version == null ? "(not from a jar)" : version;
    }

    /** What is wrong, in one line. Of arguments that are not known it shows the first alone: the next may be its secret value. */
    static String explain(RuntimeException e) {
        if (e instanceof UnmatchedArgumentException unknown) {
            return "unknown option: " + unknown.getUnmatched().get(0);
        }
        String message = String.valueOf(e.getMessage()).lines().findFirst().orElse("wrong options");
        return e instanceof ParameterException
                ? message.substring(0, 1).toLowerCase(Locale.ROOT) + message.substring(1)
                : message;
    }
}
