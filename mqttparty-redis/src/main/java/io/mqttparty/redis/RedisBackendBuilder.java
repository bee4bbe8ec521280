package io.mqttparty.redis;

import static java.util.Objects.requireNonNull;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.mqttparty.model.Limits;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Makes a {@link RedisBackend}. Needs {@link #uri} or {@link #client}; everything else has a default. For one thread. */
public final class RedisBackendBuilder {
    private @Nullable RedisURI uri;
    private @Nullable RedisClient client;
    private String keyPrefix = "mp:";
    private Durability durability = Durability.AOF;
    private Limits limits = Limits.DEFAULTS;
    private int lanes = 2;
    private Duration commandTimeout = Duration.ofMillis(1_500);

    RedisBackendBuilder() {}

    /**
     * Where Redis is: {@code redis://[[user]:password@]host[:port][/database]}, {@code rediss://…} with TLS, or
     * {@code redis-sentinel://[password@]host[:port],host[:port]/[database]#primary}.
     *
     * @throws IllegalArgumentException if it is none of these
     */
    public RedisBackendBuilder uri(String address) {
        return uri(RedisURI.create(requireNonNull(address, "uri")));
    }

    /** Where Redis is, as Lettuce says it: with its settings for TLS, credentials and Sentinel. */
    public RedisBackendBuilder uri(RedisURI address) {
        if (uri != null) {
            throw new IllegalStateException("uri: set twice (expected: once)");
        }
        uri = requireNonNull(address, "uri");
        return this;
    }

    /**
     * A client of yours. It stays open when the backend is closed, and its options stay as they are: it should reconnect by itself
     * and reject commands while disconnected. Needs {@link #uri} too.
     */
    public RedisBackendBuilder client(RedisClient yours) {
        if (client != null) {
            throw new IllegalStateException("client: set twice (expected: once)");
        }
        client = requireNonNull(yours, "client");
        return this;
    }

    /** What all keys begin with, so that several brokers can share a Redis; {@code mp:} if not set. */
    public RedisBackendBuilder keyPrefix(String prefix) {
        if (prefix.indexOf('{') >= 0 || prefix.indexOf('}') >= 0) {
            throw new IllegalArgumentException("keyPrefix: " + prefix + " (expected: no braces)");
        }
        keyPrefix = prefix;
        return this;
    }

    /** What an acknowledgement means; {@link Durability#AOF} if not set. */
    public RedisBackendBuilder durability(Durability level) {
        durability = requireNonNull(level, "durability");
        return this;
    }

    /** The limits of the broker that uses this: give both the same. {@link Limits#DEFAULTS} if not set. */
    public RedisBackendBuilder limits(Limits of) {
        limits = requireNonNull(of, "limits");
        return this;
    }

    /** How many connections carry the commands, 1 to 16; 2 if not set. With {@link Durability#REPLICA} there are as many again. */
    public RedisBackendBuilder lanes(int count) {
        if (count < 1 || count > 16) {
            throw new IllegalArgumentException("lanes: " + count + " (expected: 1 to 16)");
        }
        lanes = count;
        return this;
    }

    /** How long Redis may take to answer before it counts as gone, 100 ms to 4 s; 1.5 s if not set. */
    public RedisBackendBuilder commandTimeout(Duration limit) {
        if (limit.toMillis() < 100 || limit.toMillis() > 4_000) {
            throw new IllegalArgumentException("commandTimeout: " + limit + " (expected: 100 ms to 4 s)");
        }
        commandTimeout = limit;
        return this;
    }

    /** The backend, not connected yet: the broker that it is given to starts it. */
    public RedisBackend build() {
        RedisURI address = uri;
        if (address == null) {
            throw new IllegalStateException("uri: not set (expected: the address of a Redis)");
        }
        return new RedisBackend(new Settings(address, client, keyPrefix, durability, limits, lanes, commandTimeout));
    }

    /** What was set. */
    record Settings(
            RedisURI uri,
            @Nullable RedisClient client,
            String keyPrefix,
            Durability durability,
            Limits limits,
            int lanes,
            Duration commandTimeout) {}
}
