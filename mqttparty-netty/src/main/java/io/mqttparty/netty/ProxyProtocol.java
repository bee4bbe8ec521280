package io.mqttparty.netty;

import io.mqttparty.netty.internal.ProxyStage;
import java.time.Duration;
import java.util.List;

/**
 * The PROXY protocol, versions 1 and 2: a load balancer in front of the listener says in a header whose connection it passes on. Immutable.
 *
 * <p>With it a connection is closed unless it comes from a trusted source and begins with a valid header. The broker then sees the address in
 * the header as the peer. It sees the real one where the header names none: for the command LOCAL (a health check of the load balancer), an
 * unknown protocol, and Unix sockets. Additional fields of version 2 are read over. It needs the jar {@code netty-codec-haproxy}.
 */
public final class ProxyProtocol {
    private static final int DEFAULT_MAX_HEADER_BYTES = 536;
    private static final Duration DEFAULT_HEADER_TIMEOUT = Duration.ofSeconds(5);
    private static final int GREATEST_HEADER_BYTES = 16 + 65_535;

    private final List<String> trusted;
    private final int maxHeaderBytes;
    private final Duration headerTimeout;

    private ProxyProtocol(List<String> trusted, int maxHeaderBytes, Duration headerTimeout) {
        this.trusted = trusted;
        this.maxHeaderBytes = maxHeaderBytes;
        this.headerTimeout = headerTimeout;
        stage(); // Checks them.
    }

    /**
     * Headers from these sources: addresses and networks, IPv4 and IPv6, such as {@code 10.1.2.3}, {@code 10.0.0.0/8} or {@code fd00::/8}.
     * Name the load balancers and nobody else: who may send a header may claim any address.
     *
     * @throws IllegalArgumentException if there is none, or one cannot be read
     * @throws IllegalStateException if {@code netty-codec-haproxy} is not there
     */
    public static ProxyProtocol from(String... trusted) {
        if (trusted.length == 0) {
            throw new IllegalArgumentException("trusted: none (expected: at least one address or network)");
        }
        return new ProxyProtocol(List.of(trusted), DEFAULT_MAX_HEADER_BYTES, DEFAULT_HEADER_TIMEOUT);
    }

    /**
     * The most bytes that a header of version 2 may have with its additional fields; 232 to 65,551, 536 by default. A header of version 1 never
     * has more than 107.
     */
    public ProxyProtocol maxHeaderBytes(int bytes) {
        if (bytes < ProxyStage.FIXED_HEADER_BYTES || bytes > GREATEST_HEADER_BYTES) {
            throw new IllegalArgumentException("maxHeaderBytes: " + bytes + " (expected: 232 to 65551)");
        }
        return new ProxyProtocol(trusted, bytes, headerTimeout);
    }

    /** How long the whole header may take from the accept on; 5 seconds by default. */
    public ProxyProtocol headerTimeout(Duration timeout) {
        if (timeout.isNegative() || timeout.isZero() || timeout.compareTo(Duration.ofHours(1)) > 0) {
            throw new IllegalArgumentException("headerTimeout: " + timeout + " (expected: more than 0, at most 1 h)");
        }
        return new ProxyProtocol(trusted, maxHeaderBytes, timeout);
    }

    ProxyStage stage() {
        try {
            return new ProxyStage(trusted, maxHeaderBytes, headerTimeout);
        } catch (NoClassDefFoundError e) {
            throw new IllegalStateException(
                    "proxyProtocol: netty-codec-haproxy is missing (expected: on the class path or module path)", e);
        }
    }
}
