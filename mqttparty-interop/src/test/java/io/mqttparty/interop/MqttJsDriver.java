package io.mqttparty.interop;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** MQTT.js over TCP, each client in a node process of its own: {@code src/test/js/client.js}. */
record MqttJsDriver() implements ProcessDriver {
    private static final Path SCRIPTS = Path.of("src", "test", "js");

    @Override
    public void require() {
        Tools.requireProgram("node");
        Tools.requireDirectory(SCRIPTS.resolve("node_modules"), "run: npm ci --prefix mqttparty-interop/src/test/js");
    }

    @Override
    public void publish(int port, Outgoing messages) {
        List<String> command = command("publish", port);
        command.addAll(List.of("topic=" + messages.topic(), "qos=" + messages.qos(), "retain=" + messages.retain()));
        try (ToolProcess process = ToolProcess.start(SCRIPTS, command)) {
            process.feed(messages.payloads());
            process.awaitSuccess();
        }
    }

    @Override
    public ProcessSubscriber subscribe(int port, Subscribing how) {
        ToolProcess process = ToolProcess.start(SCRIPTS, subscribing("subscribe", port, how));
        process.awaitLine("connected\tsessionPresent=false");
        process.awaitLine("subscribed\t" + how.qos());
        return new ProcessSubscriber(process);
    }

    @Override
    public ProcessSubscriber resume(int port, Subscribing how) {
        ToolProcess process = ToolProcess.start(SCRIPTS, subscribing("resume", port, how));
        process.awaitLine("connected\tsessionPresent=true");
        return new ProcessSubscriber(process);
    }

    private static List<String> subscribing(String role, int port, Subscribing how) {
        List<String> command = command(role, port);
        command.addAll(List.of("clientId=" + how.clientId(), "filter=" + how.filter(), "qos=" + how.qos()));
        command.add("clean=" + how.cleanSession());
        how.will()
                .ifPresent(will -> command.addAll(List.of(
                        "willTopic=" + will.topic(),
                        "willPayload=" + will.payload(),
                        "willQos=" + will.qos(),
                        "willRetain=" + will.retain())));
        return command;
    }

    private static List<String> command(String role, int port) {
        return new ArrayList<>(List.of("node", "client.js", role, "port=" + port));
    }

    @Override
    public String toString() {
        return "MQTT.js";
    }
}
