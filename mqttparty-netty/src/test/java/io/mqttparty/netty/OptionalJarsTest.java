package io.mqttparty.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.MalformedURLException;
import java.net.Socket;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The module without the jars that are optional: seen through a class loader that does not have them. */
class OptionalJarsTest {
    private static ClassLoader withoutOptionalJars() {
        URL[] jars = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(path -> !path.contains("haproxy") && !path.contains("epoll") && !path.contains("codec-http"))
                .map(OptionalJarsTest::url)
                .toArray(URL[]::new);
        return new URLClassLoader(jars, ClassLoader.getPlatformClassLoader());
    }

    private static URL url(String path) {
        try {
            return Path.of(path).toUri().toURL();
        } catch (MalformedURLException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void listen_withoutEpoll_takesNio() throws ReflectiveOperationException, IOException {
        ClassLoader loader = withoutOptionalJars();
        Object listening = listen(loader, "AUTO").join();
        Class<?> type = loader.loadClass("io.mqttparty.spi.transport.Listening");
        int port = (int) type.getMethod("port").invoke(listening);
        new Socket("127.0.0.1", port).close();
        ((CompletionStage<?>) type.getMethod("close").invoke(listening))
                .toCompletableFuture()
                .join();
    }

    @Test
    void listen_epollAskedForAndMissing_fails() throws ReflectiveOperationException {
        CompletableFuture<?> listening = listen(withoutOptionalJars(), "EPOLL");
        assertThatThrownBy(listening::join).hasMessageContaining("tcp listener: epoll is not available");
    }

    @Test
    void proxyProtocol_withoutItsJar_refusedAtTheCall() throws ReflectiveOperationException {
        Class<?> type = withoutOptionalJars().loadClass("io.mqttparty.netty.ProxyProtocol");
        assertThatThrownBy(() -> type.getMethod("from", String[].class).invoke(null, (Object) new String[] {"::1"}))
                .isInstanceOf(InvocationTargetException.class)
                .cause()
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("netty-codec-haproxy");
    }

    private static CompletableFuture<?> listen(ClassLoader loader, String ioModel) throws ReflectiveOperationException {
        Class<?> transport = loader.loadClass("io.mqttparty.netty.NettyTransport");
        Class<?> models = loader.loadClass("io.mqttparty.netty.IoModel");
        Class<?> acceptors = loader.loadClass("io.mqttparty.spi.transport.Transport$Acceptor");
        Object model = models.getMethod("valueOf", String.class).invoke(null, ioModel);
        Object tcp = transport.getMethod("tcp", int.class).invoke(null, 0);
        Object configured = transport.getMethod("ioModel", models).invoke(tcp, model);
        Object acceptor = Proxy.newProxyInstance(loader, new Class<?>[] {acceptors}, (proxy, method, arguments) -> {
            throw new IllegalStateException("not used");
        });
        Object listening = transport.getMethod("listen", acceptors).invoke(configured, acceptor);
        assertThat(listening).isInstanceOf(CompletionStage.class);
        return ((CompletionStage<?>) listening).toCompletableFuture().orTimeout(10, TimeUnit.SECONDS);
    }
}
