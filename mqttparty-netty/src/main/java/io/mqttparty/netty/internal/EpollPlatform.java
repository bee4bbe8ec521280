package io.mqttparty.netty.internal;

import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import java.util.Optional;

/** The only class that names epoll's, so that it alone fails to load where their jar is missing. */
final class EpollPlatform {
    private EpollPlatform() {}

    static Optional<IoPlatform> find() {
        return Epoll.isAvailable()
                ? Optional.of(new IoPlatform(
                        "EPOLL", EpollIoHandler::newFactory, EpollIoHandle.class, EpollServerSocketChannel::new))
                : Optional.empty();
    }
}
