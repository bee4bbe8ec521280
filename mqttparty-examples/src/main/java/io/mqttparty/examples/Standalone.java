package io.mqttparty.examples;

import io.mqttparty.MqttParty;
import io.mqttparty.model.MqttPartyException;
import io.mqttparty.redis.RedisBackend;
import java.io.PrintStream;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;

/**
 * A broker that runs by itself. It prints one line to standard output when it serves, and one to standard error if it cannot: then it ends with
 * 1, and with 2 if an option is wrong. On SIGTERM it disconnects its clients in order and ends with 0.
 */
public final class Standalone {
    private static final int SERVED = 0;
    private static final int CANNOT_SERVE = 1;
    private static final int WRONG_OPTIONS = 2;

    /** Netty's events for the Flight Recorder: to register them takes the first connection longer than all that the broker does itself. */
    private static final String NETTY_JFR = "io.netty.jfr.enabled";

    private Standalone() {}

    /** Runs it until the process is told to end. */
    public static void main(String[] args) {
        LogLine.install();
        if (System.getProperty(NETTY_JFR) == null) {
            System.setProperty(NETTY_JFR, "false");
        }
        int exitCode = run(args, System.getenv(), System.out, System.err);
        if (exitCode != SERVED) {
            System.exit(exitCode);
        }
    }

    /** Returns 0 when the broker serves, or when help or the version was asked for. */
    static int run(String[] args, Map<String, String> environment, PrintStream out, PrintStream err) {
        try {
            StandaloneCommand command = new StandaloneCommand(args, environment);
            if (command.has(StandaloneOption.HELP)) {
                StandaloneCommand.printUsage(out);
            } else if (command.has(StandaloneOption.VERSION)) {
                out.println("mqttparty " + version());
            } else {
                serve(new StandaloneOptions(command), out, err);
            }
            return SERVED;
        } catch (IllegalArgumentException e) {
            err.println("mqttparty: " + oneLine(e) + " (see --help)");
            return WRONG_OPTIONS;
        } catch (MqttPartyException e) {
            err.println("mqttparty: " + oneLine(e));
            return CANNOT_SERVE;
        }
    }

    private static void serve(StandaloneOptions options, PrintStream out, PrintStream err) {
        MqttParty broker = options.broker();
        try {
            broker.start().toCompletableFuture().join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof MqttPartyException failure
                    ? failure
                    : new MqttPartyException("cannot start", e.getCause());
        }
        Runtime.getRuntime().addShutdownHook(new Thread(() -> drain(broker, options.redis(), err), "mqttparty-drain"));
        out.println("mqttparty ready node=" + broker.nodeId() + " mqtt=" + broker.port() + " http="
                + options.http().map(http -> Integer.toString(http.port())).orElse("-") + " ws=- tls=- backend="
                + options.redis().map(RedisBackend::name).orElse("memory"));
        out.flush();
    }

    /** The hook of SIGTERM. Without halt the exit code would be 143, as if the signal had killed it. */
    private static void drain(MqttParty broker, Optional<RedisBackend> redis, PrintStream err) {
        int exitCode = SERVED;
        try {
            broker.close();
            redis.ifPresent(RedisBackend::close);
        } catch (MqttPartyException e) {
            err.println("mqttparty: " + oneLine(e));
            exitCode = CANNOT_SERVE;
        }
        Runtime.getRuntime().halt(exitCode);
    }

    private static String version() {
        String version = Standalone.class.getPackage().getImplementationVersion();
        return version == null ? "(not from a jar)" : version;
    }

    private static String oneLine(RuntimeException e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("failed");
    }
}
