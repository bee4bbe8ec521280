package io.mqttparty.netty;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.is;

import io.mqttparty.spi.transport.TransportChannel;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The ways in which a connection ends, and that only that connection does. */
@ExtendWith(NoLeaks.class)
class ConnectionEndTest {
    private static NettyTransport tcp(IoModel model) {
        return NettyTransport.tcp(0).ioModel(model).eventLoopThreads(1);
    }

    @ParameterizedTest
    @EnumSource
    void onBytes_throws_closesThatConnectionOnlyAndLogsOnce(IoModel model) throws IOException {
        try (LogCapture log = new LogCapture();
                Server<Recorder> server = new Server<>(tcp(model), Bomb::new);
                Socket neighbour = server.connect();
                Socket client = server.connect()) {
            client.getOutputStream().write("boom".getBytes(US_ASCII));
            Server.assertEnded(client);
            await().untilAtomic(server.accepted(1).closes, is(1));
            assertThat(log.warnings()).singleElement().asString().contains("tcp listener 127.0.0.1:0", "failed");

            neighbour.getOutputStream().write("fine".getBytes(US_ASCII));
            await().until(() -> server.accepted(0).text().equals("fine"));
            assertThat(server.accepted(0).closes).hasValue(0);
        }
    }

    @ParameterizedTest
    @EnumSource
    void onBytes_throwsOnManyConnections_logIsThrottled(IoModel model) throws IOException {
        try (LogCapture log = new LogCapture();
                Server<Recorder> server = new Server<>(tcp(model), Bomb::new)) {
            for (int i = 0; i < 20; i++) {
                try (Socket client = server.connect()) {
                    client.getOutputStream().write("boom".getBytes(US_ASCII));
                    Server.assertEnded(client);
                }
            }
            assertThat(log.warnings()).hasSize(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void onAccept_throws_closesThatConnectionOnly(IoModel model) throws IOException {
        AtomicInteger count = new AtomicInteger();
        try (LogCapture log = new LogCapture();
                Server<Recorder> server = new Server<>(tcp(model), channel -> {
                    if (count.incrementAndGet() == 1) {
                        throw new IllegalStateException("no");
                    }
                    return new Echo(channel);
                });
                Socket first = server.connect()) {
            Server.assertEnded(first);
            try (Socket second = server.connect()) {
                second.getOutputStream().write(5);
                assertThat(second.getInputStream().read()).isEqualTo(5);
            }
            assertThat(log.warnings()).hasSize(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void halfClose_byClient_deliversAllThenEnds(IoModel model) throws IOException {
        try (Server<Recorder> server = new Server<>(tcp(model), Recorder::new);
                Socket client = server.connect()) {
            client.getOutputStream().write(new byte[100_000]);
            client.shutdownOutput();
            assertThat(client.getInputStream().read()).isEqualTo(-1);
            await().untilAtomic(server.accepted(0).closes, is(1));
            assertThat(server.accepted(0).length()).isEqualTo(100_000);
        }
    }

    @ParameterizedTest
    @EnumSource
    void reset_byClient_endsWithoutWarning(IoModel model) throws IOException {
        try (LogCapture log = new LogCapture();
                Server<Recorder> server = new Server<>(tcp(model), Recorder::new)) {
            try (Socket client = server.connect()) {
                client.getOutputStream().write(1);
                await().until(() -> server.accepted(0).length() == 1);
                client.setSoLinger(true, 0);
            }
            await().untilAtomic(server.accepted(0).closes, is(1));
            assertThat(log.warnings()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void write_afterReset_endsWithoutWarning(IoModel model) throws IOException {
        try (LogCapture log = new LogCapture();
                Server<Recorder> server = new Server<>(tcp(model), channel -> {
                    channel.setReading(false);
                    return new Recorder(channel);
                })) {
            try (Socket client = server.connect()) {
                client.setSoLinger(true, 0);
                server.accepted(0);
            }
            Recorder recorder = server.accepted(0);
            await().until(() -> Loops.call(recorder.channel.eventLoop(), () -> {
                recorder.channel.write(Batch.of(10_000));
                recorder.channel.write(Batch.of(10_000));
                recorder.channel.flush();
                return recorder.closes.get() == 1;
            }));
            assertThat(log.warnings()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void close_bytesNotSentYet_arriveBeforeTheEnd(IoModel model) throws IOException {
        int length = 20_000_000;
        try (Server<Recorder> server = new Server<>(tcp(model), Recorder::new);
                Socket client = server.connect()) {
            Recorder recorder = server.accepted(0);
            Loops.run(recorder.channel.eventLoop(), () -> {
                recorder.channel.write(Batch.of(length));
                recorder.channel.flush();
                recorder.channel.close();
                recorder.channel.close();
                assertThat(recorder.closes).hasValue(0);
                recorder.channel.write(Batch.of(1));
                recorder.channel.flush();
                recorder.channel.setReading(false);
            });
            assertThat(client.getInputStream().readAllBytes()).hasSize(length);
        }
    }

    @ParameterizedTest
    @EnumSource
    void close_inputNotRead_peerSeesTheBytesAndAnOrderlyEnd(IoModel model) throws IOException {
        try (Server<Recorder> server = new Server<>(tcp(model), channel -> {
                    channel.setReading(false);
                    return new Recorder(channel);
                });
                Socket client = server.connect()) {
            client.getOutputStream().write(new byte[50_000]);
            Recorder recorder = server.accepted(0);
            Loops.run(recorder.channel.eventLoop(), () -> {
                recorder.channel.write(new Batch("refused".getBytes(US_ASCII)));
                recorder.channel.flush();
                recorder.channel.close();
            });
            client.getOutputStream().write(new byte[50_000]);
            assertThat(client.getInputStream().readAllBytes())
                    .asString(US_ASCII)
                    .isEqualTo("refused");
            assertThat(recorder.length()).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource
    void close_peerStaysOpen_endsAllTheSame(IoModel model) throws IOException {
        try (Server<Recorder> server = new Server<>(tcp(model), channel -> {
                    channel.close();
                    return new Recorder(channel);
                });
                Socket client = server.connect()) {
            assertThat(client.getInputStream().read()).isEqualTo(-1);
            await().untilAtomic(server.accepted(0).closes, is(1));
            assertThat(server.accepted(0).reads).hasValue(0);
        }
    }

    private static final class Bomb extends Recorder {
        Bomb(TransportChannel channel) {
            super(channel);
        }

        @Override
        public void onBytes(ByteBuffer view) {
            super.onBytes(view);
            if (text().contains("boom")) {
                throw new IllegalStateException("boom");
            }
        }
    }
}
