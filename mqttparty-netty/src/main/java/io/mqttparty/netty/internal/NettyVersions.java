package io.mqttparty.netty.internal;

import io.netty.util.Version;
import java.lang.System.Logger.Level;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;

/** Warns once if Netty is older than its last security fixes that matter here, or put together from several releases. */
final class NettyVersions {
    private static final int[] FLOOR = {4, 2, 17};
    private static final Set<String> USED = Set.of(
            "netty-buffer",
            "netty-codec-base",
            "netty-codec-haproxy",
            "netty-codec-http",
            "netty-common",
            "netty-handler",
            "netty-resolver",
            "netty-transport",
            "netty-transport-classes-epoll",
            "netty-transport-native-unix-common");
    private static final AtomicBoolean CHECKED = new AtomicBoolean();

    private NettyVersions() {}

    static void checkOnce() {
        if (CHECKED.compareAndSet(false, true)) {
            Map<String, String> found = new TreeMap<>();
            Version.identify(Version.class.getClassLoader())
                    .forEach((artifact, version) -> found.put(artifact, version.artifactVersion()));
            problem(found).ifPresent(text -> ConnectionLog.LOG.log(Level.WARNING, text));
        }
    }

    /** What is wrong with these artifacts and their versions, if anything. */
    static Optional<String> problem(Map<String, String> versions) {
        Map<String, String> ours = new TreeMap<>(versions);
        ours.keySet().retainAll(USED);
        if (new TreeSet<>(ours.values()).size() > 1) {
            return Optional.of("Netty is mixed from several versions, which is not supported: " + ours);
        }
        String common = ours.getOrDefault("netty-common", "");
        return isBelowFloor(common)
                ? Optional.of("Netty " + common + " lacks security fixes (expected: 4.2.17.Final or newer)")
                : Optional.empty();
    }

    /** False also for what does not look like a version. */
    private static boolean isBelowFloor(String version) {
        String[] parts = version.split("\\.", -1);
        for (int i = 0; i < FLOOR.length && i < parts.length; i++) {
            if (!parts[i].matches("\\d{1,6}")) {
                return false;
            }
            int part = Integer.parseInt(parts[i]);
            if (part != FLOOR[i]) {
                return part < FLOOR[i];
            }
        }
        return false;
    }
}
