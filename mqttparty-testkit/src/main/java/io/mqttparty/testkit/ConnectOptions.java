package io.mqttparty.testkit;

import java.net.SocketAddress;
import java.security.cert.Certificate;
import java.util.List;

/**
 * How a client connects over a {@link LoopbackTransport}.
 *
 * @param eventLoop the index of the loop that the connection is assigned to
 * @param remoteAddress the address that the broker sees
 * @param peerCertificates the certificates that the broker sees, the client's own first
 * @param capacity the number of bytes that may wait for the client before the channel is not writable any more
 */
public record ConnectOptions(
        int eventLoop, SocketAddress remoteAddress, List<Certificate> peerCertificates, int capacity) {
    /** Checks the capacity and copies the list. */
    public ConnectOptions {
        if (capacity < 1) {
            throw new IllegalArgumentException("capacity: " + capacity + " (expected: at least 1)");
        }
        peerCertificates = List.copyOf(peerCertificates);
    }

    /** The same on another loop. */
    public ConnectOptions withEventLoop(int other) {
        return new ConnectOptions(other, remoteAddress, peerCertificates, capacity);
    }

    /** The same from another address. */
    public ConnectOptions withRemoteAddress(SocketAddress other) {
        return new ConnectOptions(eventLoop, other, peerCertificates, capacity);
    }

    /** The same with certificates, as if TLS had checked them. */
    public ConnectOptions withPeerCertificates(List<Certificate> other) {
        return new ConnectOptions(eventLoop, remoteAddress, other, capacity);
    }

    /** The same with a limit to the bytes that wait for the client. */
    public ConnectOptions withCapacity(int other) {
        return new ConnectOptions(eventLoop, remoteAddress, peerCertificates, other);
    }
}
