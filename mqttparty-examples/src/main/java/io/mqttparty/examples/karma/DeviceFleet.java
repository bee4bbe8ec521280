package io.mqttparty.examples.karma;

import io.mqttparty.examples.LogLine;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Many devices in one process. Its arguments, when it runs by itself:
 *
 * <pre>
 * --broker tcp://HOST:PORT   tcp://127.0.0.1:1883
 * --devices N                50
 * --beats N                  heartbeats of a device in a second, 5
 * --seconds N                30; then it waits for what is open
 * --backend URL              whose ledger is compared at the end
 * </pre>
 *
 * <p>It ends with 0 if something was acknowledged, and nothing of it is missing at the backend.
 */
public final class DeviceFleet implements AutoCloseable {
    private static final int THREADS = 4;
    private static final int BEATS_PER_QUESTION = 10;
    private static final long LOOK_MILLIS = 50;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final ScheduledExecutorService clock = Executors.newScheduledThreadPool(THREADS, task -> {
        Thread thread = new Thread(task, "karma-fleet");
        thread.setDaemon(true);
        return thread;
    });
    private final List<Device> devices = new ArrayList<>();
    private final FleetCounts counts = new FleetCounts();
    private volatile boolean quiet;

    /** Runs a fleet for some time, and prints the ledger. */
    public static void main(String[] args) throws Exception {
        LogLine.install();
        Arguments.run(() -> {
            Arguments given = new Arguments(args, "broker", "devices", "beats", "seconds", "backend");
            String backend = given.text("backend", "http://127.0.0.1:8080");
            boolean kept;
            try (DeviceFleet fleet =
                    new DeviceFleet(given.text("broker", "tcp://127.0.0.1:1883"), given.number("devices", 50))) {
                fleet.start(Duration.ofSeconds(1).dividedBy(given.number("beats", 5)));
                FleetLines lines = new FleetLines(fleet.counts());
                for (int second = 1; second <= given.number("seconds", 30); second++) {
                    TimeUnit.SECONDS.sleep(1);
                    System.out.println(second + " s: " + lines.next());
                }
                kept = fleet.printLedger(backend);
            }
            System.exit(kept ? 0 : 1);
        });
    }

    private boolean printLedger(String backend) throws IOException, InterruptedException {
        boolean settled = settle(PATIENCE);
        Ledger ledger = Ledger.compare(acknowledged(), get(backend + "/ledger"));
        System.out.println(
                "ledger: " + ledger + (settled ? "" : ", some not acknowledged yet") + "; commands done by devices "
                        + counts.commands.get() + ", of the backend: " + get(backend + "/commands"));
        return settled && ledger.acknowledged() > 0 && ledger.lost() == 0;
    }

    private static String get(String url) throws IOException, InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(url)).timeout(PATIENCE).build();
        return HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).body();
    }

    /** So many devices, which connect to this broker, named {@code hotspot-1} and so on. */
    DeviceFleet(String broker, int size) {
        for (int i = 1; i <= size; i++) {
            devices.add(new Device(broker, "hotspot-" + i, clock, counts));
        }
    }

    /** Connects them, and lets each report so often; every tenth time it also asks about a user. */
    void start(Duration interval) {
        long nanos = interval.toNanos();
        for (int i = 0; i < devices.size(); i++) {
            Device device = devices.get(i);
            device.connect();
            long first = nanos * i / devices.size();
            var unused = clock.scheduleAtFixedRate(() -> whileLoud(device::beat), first, nanos, TimeUnit.NANOSECONDS);
            var unusedToo = clock.scheduleAtFixedRate(
                    () -> whileLoud(device::ask), first, BEATS_PER_QUESTION * nanos, TimeUnit.NANOSECONDS);
        }
    }

    private void whileLoud(Runnable task) {
        if (!quiet) {
            task.run();
        }
    }

    /** No more heartbeats; waits until those that were made are acknowledged. False if that takes longer. */
    boolean settle(Duration patience) throws InterruptedException {
        quiet = true;
        long end = System.nanoTime() + patience.toNanos();
        while (!devices.stream().allMatch(Device::isSettled)) {
            if (System.nanoTime() - end > 0) {
                return false;
            }
            TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
        }
        return true;
    }

    /** The acknowledged heartbeats of each device. */
    Map<String, BitSet> acknowledged() {
        Map<String, BitSet> all = new TreeMap<>();
        devices.forEach(device -> all.put(device.id(), device.acknowledged()));
        return all;
    }

    FleetCounts counts() {
        return counts;
    }

    @Override
    public void close() {
        quiet = true;
        devices.forEach(Device::close);
        clock.shutdownNow();
    }
}
