package io.mqttparty.interop;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** {@code mosquitto_pub} and {@code mosquitto_sub}. */
record MosquittoDriver(String version) implements ProcessDriver {
    static MosquittoDriver mqtt311() {
        return new MosquittoDriver("mqttv311");
    }

    static MosquittoDriver mqtt31() {
        return new MosquittoDriver("mqttv31");
    }

    @Override
    public void require() {
        Tools.requireProgram("mosquitto_pub");
        Tools.requireProgram("mosquitto_sub");
        Tools.requireProgram("stdbuf");
    }

    @Override
    public void publish(int port, Outgoing messages) {
        List<String> command = command("mosquitto_pub", port);
        command.addAll(List.of("-t", messages.topic(), "-q", String.valueOf(messages.qos()), "-l"));
        if (messages.retain()) {
            command.add("-r");
        }
        try (ToolProcess process = ToolProcess.start(Path.of("."), command)) {
            process.feed(messages.payloads());
            process.awaitSuccess();
        }
    }

    @Override
    public ProcessSubscriber subscribe(int port, Subscribing how) {
        List<String> command = command("mosquitto_sub", port);
        // -d prints what was granted, but does not flush it.
        command.addAll(0, List.of("stdbuf", "-oL"));
        command.addAll(List.of("-d", "-F", "message\\t%t\\t%q\\t%r\\t%p"));
        command.addAll(List.of("-i", how.clientId(), "-t", how.filter(), "-q", String.valueOf(how.qos())));
        if (!how.cleanSession()) {
            command.add("-c");
        }
        how.will().ifPresent(will -> command.addAll(will(will)));
        ToolProcess process = ToolProcess.start(Path.of("."), command);
        process.awaitLine("Subscribed (mid: 1): " + how.qos());
        return new ProcessSubscriber(process);
    }

    private static List<String> will(Subscribing.Will will) {
        List<String> options = new ArrayList<>(List.of("--will-topic", will.topic(), "--will-payload", will.payload()));
        options.addAll(List.of("--will-qos", String.valueOf(will.qos())));
        if (will.retain()) {
            options.add("--will-retain");
        }
        return options;
    }

    /** It cannot connect without subscribing again, and does not say whether there was a session. */
    @Override
    public ProcessSubscriber resume(int port, Subscribing how) {
        return subscribe(port, how);
    }

    private List<String> command(String program, int port) {
        return new ArrayList<>(List.of(program, "-h", "127.0.0.1", "-p", String.valueOf(port), "-V", version));
    }

    @Override
    public String toString() {
        return "mosquitto " + version;
    }
}
