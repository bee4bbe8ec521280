package io.mqttparty.examples;

import io.mqttparty.MqttParty;
import io.mqttparty.model.MqttPartyException;
import java.io.PrintStream;
import java.util.Map;
import java.util.concurrent.CompletionException;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;

/**
 * A broker that runs by itself. It prints one line to standard output when it serves, and one to standard error if it cannot: then it ends with
 * 1, and with 2 if an option is wrong. On SIGTERM it disconnects its clients in order and ends with 0.
 */
public final class Standalone {
    private static final int CANNOT_SERVE = 1;
    private static final String LOG_FORMAT = "java.util.logging.SimpleFormatter.format";

    private Standalone() {}

    /** Runs it until the process is told to end. */
    public static void main(String[] args) {
        if (System.getProperty(LOG_FORMAT) == null) {
            System.setProperty(LOG_FORMAT, "%1$tF %1$tT %4$s %5$s%6$s%n");
        }
        int exitCode = run(args, System.getenv(), System.out, System.err);
        if (exitCode != ExitCode.OK) {
            System.exit(exitCode);
        }
    }

    /** Returns 0 when the broker serves, or when help or the version was asked for. */
    static int run(String[] args, Map<String, String> environment, PrintStream out, PrintStream err) {
        StandaloneOptions options = new StandaloneOptions();
        CommandLine commandLine = StandaloneCommand.of(options, environment);
        try {
            commandLine.parseArgs(args);
            if (commandLine.isUsageHelpRequested()) {
                commandLine.usage(out);
                return ExitCode.OK;
            }
            if (commandLine.isVersionHelpRequested()) {
                commandLine.printVersionHelp(out);
                return ExitCode.OK;
            }
            serve(options.broker(), out, err);
            return ExitCode.OK;
        } catch (CommandLine.ParameterException | IllegalArgumentException e) {
            err.println("mqttparty: " + StandaloneCommand.explain(e) + " (see --help)");
            return ExitCode.USAGE;
        } catch (MqttPartyException e) {
            err.println("mqttparty: " + oneLine(e));
            return CANNOT_SERVE;
        }
    }

    private static void serve(MqttParty broker, PrintStream out, PrintStream err) {
        try {
            broker.start().toCompletableFuture().join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof MqttPartyException failure
                    ? failure
                    : new MqttPartyException("cannot start", e.getCause());
        }
        Runtime.getRuntime().addShutdownHook(new Thread(() -> drain(broker, err), "mqttparty-drain"));
        out.println("mqttparty ready node=" + broker.nodeId() + " mqtt=" + broker.port()
                + " http=- ws=- tls=- backend=memory");
        out.flush();
    }

    /** The hook of SIGTERM. Without halt the exit code would be 143, as if the signal had killed it. */
    private static void drain(MqttParty broker, PrintStream err) {
        int exitCode = ExitCode.OK;
        try {
            broker.close();
        } catch (MqttPartyException e) {
            err.println("mqttparty: " + oneLine(e));
            exitCode = CANNOT_SERVE;
        }
        Runtime.getRuntime().halt(exitCode);
    }

    private static String oneLine(MqttPartyException e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("failed");
    }
}
