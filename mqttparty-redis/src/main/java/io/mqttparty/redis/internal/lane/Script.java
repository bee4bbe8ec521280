package io.mqttparty.redis.internal.lane;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A Lua script. It lies beside the class that uses it, as {@code name.lua}; a line {@code -- include name} stands for another file there.
 * All key names are passed in.
 */
public final class Script {
    private static final String INCLUDE = "-- include ";
    private static final Map<String, Script> ALL = new ConcurrentHashMap<>();

    private final String name;
    private final byte[] source;
    private final byte[] sha;

    private Script(String name, String source) {
        this.name = name;
        this.source = source.getBytes(UTF_8);
        this.sha = HexFormat.of().formatHex(sha1(this.source)).getBytes(US_ASCII);
    }

    /** The script of this name beside this class. */
    public static Script load(Class<?> beside, String name) {
        StringBuilder source = new StringBuilder();
        for (String line : read(beside, name).split("\n", -1)) {
            source.append(line.startsWith(INCLUDE) ? read(beside, line.substring(INCLUDE.length())) : line)
                    .append('\n');
        }
        Script script = new Script(name, source.toString());
        return ALL.computeIfAbsent(new String(script.sha, US_ASCII), sha -> script);
    }

    /** All that have been loaded from their files: those of the classes that are in use. */
    static List<Script> all() {
        return List.copyOf(ALL.values());
    }

    private static String read(Class<?> beside, String name) {
        try (InputStream in = beside.getResourceAsStream(name + ".lua")) {
            if (in == null) {
                throw new IllegalStateException("script: " + name + ".lua is missing beside " + beside.getName());
            }
            return new String(in.readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] sha1(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-1").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every JDK has it
        }
    }

    byte[] source() {
        return source.clone();
    }

    byte[] sha() {
        return sha.clone();
    }

    /** Its name. */
    @Override
    public String toString() {
        return name;
    }
}
