package io.mqttparty.benchmarks.load;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The brokers that can be compared, and how each is started. */
enum BrokerKind {
    MQTTPARTY,
    MOSQUITTO,
    /** No broker: it passes on the bytes of publishers, which is what the sockets alone cost. QoS 0 only. */
    RELAY;

    /** The flags of every JVM that is measured. */
    static final List<String> JVM_FLAGS =
            List.of("-Xms1g", "-Xmx1g", "-XX:+AlwaysPreTouch", "-XX:+UseG1GC", "-XX:-UsePerfData");

    /** The most deliveries that MQTTParty keeps open to one client; its default of 32 would cap a window of 100. */
    static final int RECEIVE_MAXIMUM = 128;

    /** No limit that could cap a window, and TCP_NODELAY as MQTTParty has it. */
    static final String MOSQUITTO_CONFIG = """
            listener %d 127.0.0.1
            allow_anonymous true
            persistence false
            log_dest none
            sys_interval 0
            set_tcp_nodelay true
            max_inflight_messages 0
            max_queued_messages 0
            """;

    /** MQTTParty as users start it. */
    private static final Path STANDALONE = Path.of("mqttparty-examples", "target", "mqttparty-standalone.jar");

    /** Starts it on this processor, with these further arguments for a JVM. */
    BrokerProcess start(int processor, List<String> jvmArguments) throws IOException {
        return switch (this) {
            case MQTTPARTY -> java(processor, jvmArguments, BrokerMain.class, "" + RECEIVE_MAXIMUM);
            case RELAY -> java(processor, jvmArguments, RelayMain.class);
            case MOSQUITTO -> mosquitto(processor);
        };
    }

    /** Starts what users start: MQTTParty's standalone jar, with the settings that a JVM has by itself and these further arguments. */
    BrokerProcess startAsShipped(int processor, List<String> jvmArguments) throws IOException {
        if (this != MQTTPARTY) {
            return start(processor, jvmArguments);
        }
        String jar = System.getProperty("standalone", STANDALONE.toString());
        List<String> command = new ArrayList<>(onProcessor(processor));
        command.add(Program.java());
        command.addAll(jvmArguments);
        command.addAll(List.of("-jar", jar, "--mqtt-port", "0", "--allow-anonymous"));
        return BrokerProcess.thatIsReady(command);
    }

    private static BrokerProcess java(int processor, List<String> jvmArguments, Class<?> main, String... mainArguments)
            throws IOException {
        List<String> arguments = new ArrayList<>(JVM_FLAGS);
        arguments.addAll(jvmArguments);
        List<String> command = new ArrayList<>(onProcessor(processor));
        command.addAll(Program.java(arguments, main, mainArguments));
        return BrokerProcess.thatTellsItsPort(command);
    }

    private static BrokerProcess mosquitto(int processor) throws IOException {
        int port = freePort();
        Path config = Files.createTempFile("mosquitto", ".conf");
        config.toFile().deleteOnExit();
        Files.writeString(config, MOSQUITTO_CONFIG.formatted(port));
        List<String> command = new ArrayList<>(onProcessor(processor));
        command.addAll(List.of(mosquittoPath(), "-c", config.toString()));
        return BrokerProcess.onPort(command, port);
    }

    static String mosquittoPath() {
        return System.getProperty("mosquitto", "/usr/sbin/mosquitto");
    }

    static List<String> onProcessor(int processor) {
        return processor < 0 ? List.of() : List.of("taskset", "-c", "" + processor);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return ((InetSocketAddress) socket.getLocalSocketAddress()).getPort();
        }
    }
}
