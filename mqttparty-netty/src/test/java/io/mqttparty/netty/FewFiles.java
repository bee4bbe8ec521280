package io.mqttparty.netty;

import com.sun.management.OperatingSystemMXBean;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;

/** A program that echoes; started by its test with few file descriptors. For each line on its input it prints the CPU time it has used. */
final class FewFiles {
    private FewFiles() {}

    public static void main(String[] arguments) throws IOException {
        NettyTransport transport = NettyTransport.tcp(0).eventLoopThreads(1).ioModel(IoModel.valueOf(arguments[0]));
        OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        BufferedReader input = new BufferedReader(new InputStreamReader(System.in));
        try (Server<Echo> server = new Server<>(transport, Echo::new)) {
            System.out.println(server.listening.port());
            while (input.readLine() != null) {
                System.out.println(system.getProcessCpuTime());
            }
        }
        System.exit(0);
    }
}
