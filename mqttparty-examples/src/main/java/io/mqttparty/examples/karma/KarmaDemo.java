package io.mqttparty.examples.karma;

import io.mqttparty.examples.LogLine;
import io.mqttparty.netty.NettyTransport;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * Broker, backend and devices in one process, with everything in memory: a line each second says what goes through.
 *
 * <pre>
 * --devices N      50
 * --beats N        heartbeats of a device in a second, 5
 * --commands N     commands of the backend in a second, 50
 * --seconds N      0: until it is stopped
 * </pre>
 */
public final class KarmaDemo {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private KarmaDemo() {}

    /** Runs it. */
    public static void main(String[] args) throws Exception {
        LogLine.install();
        Arguments.run(() -> {
            Arguments given = new Arguments(args, "devices", "beats", "commands", "seconds");
            run(
                    given.number("devices", 50),
                    given.number("beats", 5),
                    given.number("commands", 50),
                    given.number("seconds", 0));
        });
    }

    private static void run(int devices, int beats, int commandsPerSecond, int seconds)
            throws IOException, InterruptedException {
        String token = UUID.randomUUID().toString();
        try (KarmaBackend backend = KarmaBackend.start(0);
                KarmaNode node = KarmaNode.start(
                        NettyTransport.tcp(0).host("127.0.0.1"), 0, backend.url(), token, Optional.empty());
                DeviceFleet fleet = new DeviceFleet("tcp://127.0.0.1:" + node.mqttPort(), devices);
                Commands commands = new Commands(
                        List.of(URI.create("http://127.0.0.1:" + node.httpPort())),
                        token,
                        () -> List.copyOf(backend.clients()),
                        Executors.newSingleThreadScheduledExecutor())) {
            System.out.printf(
                    "broker mqtt=%d http=%d, backend %s, %d devices%n",
                    node.mqttPort(), node.httpPort(), backend.url(), devices);
            fleet.start(Duration.ofSeconds(1).dividedBy(beats));
            commands.start(commandsPerSecond);
            FleetLines lines = new FleetLines(fleet.counts());
            BackendLines backendLines = new BackendLines(backend, commands);
            for (int second = 1; seconds == 0 || second <= seconds; second++) {
                TimeUnit.SECONDS.sleep(1);
                System.out.println(second + " s: " + lines.next() + "; " + backendLines.next());
            }
            boolean settled = fleet.settle(PATIENCE);
            System.out.println(Ledger.compare(fleet.acknowledged(), backend.ledger())
                    + (settled ? "" : ", some not acknowledged yet") + "; commands answered " + commands.answered());
        }
    }
}
