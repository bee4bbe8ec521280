package io.mqttparty.benchmarks.load;

import java.io.IOException;
import java.util.List;

/** Scenario f: what 10,000 idle connections with one subscription each cost. */
final class IdleMeasurement {
    private static final int CLIENTS = 10_000;
    private static final int WARM_UP_ROUNDS = 4;

    private IdleMeasurement() {}

    static void run(List<BrokerKind> kinds, int processor, List<String> jvmArguments) throws IOException {
        System.out.printf("%nf: %d idle connections, 1 subscription each%n%n", CLIENTS);
        System.out.println("| broker | live heap B/connection | resident B/connection | CPU us/connect |");
        System.out.println("|---|---|---|---|");
        for (BrokerKind kind : kinds) {
            if (kind != BrokerKind.RELAY) {
                run(kind, processor, jvmArguments);
            }
        }
    }

    private static void run(BrokerKind kind, int processor, List<String> jvmArguments) throws IOException {
        try (BrokerProcess broker = kind.start(processor, jvmArguments)) {
            for (int i = 0; i < WARM_UP_ROUNDS; i++) {
                try (IdleClients warmUp = new IdleClients(broker.address(), CLIENTS)) {
                    warmUp.sample(1);
                }
            }
            boolean java = kind == BrokerKind.MQTTPARTY;
            long heap = java ? Long.parseLong(broker.program().ask("heap")) : 0;
            long resident = broker.program().residentBytes();
            long cpu = broker.program().cpuNanos();
            try (IdleClients clients = new IdleClients(broker.address(), CLIENTS)) {
                long spent = broker.program().cpuNanos() - cpu;
                long heapAfter = java ? Long.parseLong(broker.program().ask("heap")) : 0;
                System.out.printf(
                        "| %s | %s | %s | %d |%n",
                        kind,
                        java ? (heapAfter - heap) / clients.size() : "-",
                        java ? "-" : (broker.program().residentBytes() - resident) / clients.size(),
                        spent / 1000 / clients.size());
            }
        }
    }
}
