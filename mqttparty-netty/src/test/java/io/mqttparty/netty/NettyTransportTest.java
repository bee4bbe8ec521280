package io.mqttparty.netty;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.is;

import io.netty.buffer.AbstractByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledDirectByteBuf;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Bytes in and out over real sockets, with both ways of doing IO. */
@ExtendWith(NoLeaks.class)
class NettyTransportTest {
    private static NettyTransport tcp(IoModel model) {
        return NettyTransport.tcp(0).ioModel(model).eventLoopThreads(2);
    }

    @ParameterizedTest
    @EnumSource
    @Tag("MQTT-7.1.1-1")
    void bytes_echoed_comeBack(IoModel model) throws IOException {
        byte[] sent = new byte[300_000];
        new Random(1).nextBytes(sent);
        try (Server<Echo> server = new Server<>(tcp(model), Echo::new);
                Socket client = server.connect()) {
            CompletableFuture<Void> writing = CompletableFuture.runAsync(() -> write(client, sent));
            assertThat(client.getInputStream().readNBytes(sent.length)).isEqualTo(sent);
            writing.join();
            assertThat(server.accepted(0).channel.remoteAddress()).isEqualTo(client.getLocalSocketAddress());
            assertThat(server.accepted(0).channel.peerCertificates()).isEmpty();
            assertThat(server.listening.eventLoops())
                    .contains(server.accepted(0).channel.eventLoop());
        }
    }

    @ParameterizedTest
    @EnumSource
    void bytes_manyFramesInOneSegment_oneView(IoModel model) throws IOException {
        try (Server<Recorder> server = new Server<>(tcp(model), Recorder::new);
                Socket client = server.connect()) {
            write(client, new byte[1000]);
            await().until(() -> server.accepted(0).length() == 1000);
            assertThat(server.accepted(0).reads).hasValue(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void bytes_oneByOne_allArriveInOrder(IoModel model) throws IOException {
        String text = "byte by byte ".repeat(20);
        try (Server<Recorder> server = new Server<>(tcp(model), Recorder::new);
                Socket client = server.connect()) {
            for (byte b : text.getBytes(US_ASCII)) {
                write(client, new byte[] {b});
            }
            await().untilAsserted(() -> assertThat(server.accepted(0).text()).isEqualTo(text));
        }
    }

    @ParameterizedTest
    @EnumSource
    void setReading_false_holdsBytesBackAndLosesNone(IoModel model) throws IOException {
        byte[] sent = new byte[20_000_000];
        new Random(2).nextBytes(sent);
        try (Server<Recorder> server = new Server<>(tcp(model), channel -> {
                    channel.setReading(false);
                    return new Recorder(channel);
                });
                Socket client = server.connect()) {
            Recorder recorder = server.accepted(0);
            CompletableFuture<Void> writing = CompletableFuture.runAsync(() -> write(client, sent));
            for (int turn = 0; turn < 100; turn++) {
                Loops.turn(recorder.channel.eventLoop());
            }
            assertThat(recorder.length()).isZero();
            assertThat(writing).isNotDone();

            recorder.channel.eventLoop().execute(() -> recorder.channel.setReading(true));
            await().until(() -> recorder.length() == sent.length);
            assertThat(recorder.bytes()).isEqualTo(sent);
            writing.join();
        }
    }

    @ParameterizedTest
    @EnumSource
    void write_peerDoesNotRead_unwritableUntilItReads(IoModel model) throws IOException {
        try (Server<Recorder> server = new Server<>(tcp(model).writeBufferWaterMark(1000, 2000), Recorder::new);
                Socket client = server.connect()) {
            Recorder recorder = server.accepted(0);
            long sent = Loops.call(recorder.channel.eventLoop(), () -> {
                long bytes = 0;
                for (; recorder.channel.isWritable(); bytes += 100_000) {
                    recorder.channel.write(Batch.of(100_000));
                    recorder.channel.flush();
                }
                return bytes;
            });
            Loops.turn(recorder.channel.eventLoop());
            assertThat(recorder.writables).hasValue(0);

            assertThat(client.getInputStream().readNBytes((int) sent)).hasSize((int) sent);
            await().untilAtomic(recorder.writables, is(1));
            assertThat(Loops.<Boolean>call(recorder.channel.eventLoop(), recorder.channel::isWritable))
                    .isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource
    void write_tenBatches_tenBuffersOfTheGivenAllocator(IoModel model) throws IOException {
        AtomicInteger buffers = new AtomicInteger();
        ByteBufAllocator counting = new AbstractByteBufAllocator(true) {
            @Override
            protected ByteBuf newHeapBuffer(int initialCapacity, int maxCapacity) {
                throw new AssertionError("on the heap");
            }

            @Override
            protected ByteBuf newDirectBuffer(int initialCapacity, int maxCapacity) {
                buffers.incrementAndGet();
                return new UnpooledDirectByteBuf(this, initialCapacity, maxCapacity);
            }

            @Override
            public boolean isDirectBufferPooled() {
                return true;
            }
        };
        try (Server<Recorder> server = new Server<>(tcp(model).allocator(counting), Recorder::new);
                Socket client = server.connect()) {
            Recorder recorder = server.accepted(0);
            Loops.run(recorder.channel.eventLoop(), () -> {
                for (int i = 0; i < 10; i++) {
                    recorder.channel.write(Batch.of(100));
                }
                recorder.channel.flush();
            });
            assertThat(client.getInputStream().readNBytes(1000)).hasSize(1000);
            assertThat(buffers).hasValue(10);
        }
    }

    @ParameterizedTest
    @EnumSource
    void connections_thousand_allServed(IoModel model) throws IOException {
        List<Socket> clients = new ArrayList<>();
        try (Server<Echo> server = new Server<>(tcp(model).backlog(1024), Echo::new)) {
            for (int i = 0; i < 1000; i++) {
                clients.add(server.connect());
            }
            for (Socket client : clients) {
                write(client, new byte[] {7});
            }
            for (Socket client : clients) {
                assertThat(client.getInputStream().read()).isEqualTo(7);
            }
            for (Socket client : clients) {
                client.close();
            }
            await().until(() -> server.accepted().stream().allMatch(echo -> echo.closes.get() == 1));
        }
    }

    private static void write(Socket client, byte[] bytes) {
        try {
            OutputStream out = client.getOutputStream();
            out.write(bytes);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
