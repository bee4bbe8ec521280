package io.mqttparty.netty.internal;

import io.netty.channel.EventLoop;
import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger.Level;
import java.net.URL;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;

/** Warns once if Netty is older than its last security fixes that matter here, or put together from several releases. */
final class NettyVersions {
    private static final String FILES = "META-INF/io.netty.versions.properties";
    private static final String VERSION = ".version";
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
            problem(found()).ifPresent(text -> ConnectionLog.LOG.log(Level.WARNING, text));
        }
    }

    /**
     * The versions of Netty's artifacts here. Netty's own {@code Version.identify()} reads the same files, but parses their dates too, which
     * makes the first start of a broker 100 ms slower.
     */
    static Map<String, String> found() {
        Properties properties = new Properties();
        try {
            for (URL file : Collections.list(EventLoop.class.getClassLoader().getResources(FILES))) {
                try (InputStream in = file.openStream()) {
                    properties.load(in);
                }
            }
        } catch (IOException e) {
            return Map.of(); // Without them there is nothing to warn about.
        }
        return properties.stringPropertyNames().stream()
                .filter(name -> name.endsWith(VERSION))
                .collect(Collectors.toMap(
                        name -> name.substring(0, name.length() - VERSION.length()), properties::getProperty));
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
