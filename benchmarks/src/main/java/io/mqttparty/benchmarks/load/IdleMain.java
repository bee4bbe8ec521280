package io.mqttparty.benchmarks.load;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;

/**
 * Idle clients in a process with a limit of open files of its own: {@code IdleMain port clients}. It prints how many were subscribed; with each
 * further line of input, a number, it lets so many of them get a message and prints how many got it. It ends with its standard input.
 */
public final class IdleMain {
    private IdleMain() {}

    /** Connects, and holds the connections until standard input ends. */
    public static void main(String[] args) throws IOException {
        InetSocketAddress broker = new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(args[0]));
        try (IdleClients clients = new IdleClients(broker, Integer.parseInt(args[1]))) {
            System.out.println(clients.subscribed());
            BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                System.out.println(clients.sample(Integer.parseInt(line)).received());
            }
        }
    }
}
