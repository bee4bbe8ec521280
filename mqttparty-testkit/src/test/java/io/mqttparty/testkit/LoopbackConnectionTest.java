package io.mqttparty.testkit;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

final class LoopbackConnectionTest {
    private final FakeClock clock = FakeClock.create();
    private final LoopbackTransport transport = LoopbackTransport.create(clock);
    private final TinyBroker broker = TinyBroker.silent().on(transport);
    private final LoopbackConnection client = transport.connect();
    private final TinyBroker.Connection connection = broker.only();

    @Test
    void send_inOnePiece_isOneRead() {
        client.send(ascii("hello"));

        assertThat(connection.log).containsExactly("accept", "bytes hello");
        assertThat(client.counters().reads()).isEqualTo(1);
        assertThat(client.counters().bytesRead()).isEqualTo(5);
    }

    @Test
    void sendCut_isOneReadPerCutInOneTurn() {
        connection.run(() -> {});
        client.sendCut(ascii("hello"), 2);

        assertThat(connection.log).containsExactly("accept", "bytes he", "bytes ll", "bytes o");
    }

    @Test
    void send_steppingManually_readsBeforeTasksOfTheTurn() {
        clock.stepManually();
        connection.run(() -> connection.log.add("task"));
        client.send(ascii("a"));
        client.send(ascii("b"));

        clock.runOneTurn();

        assertThat(connection.log).containsExactly("accept", "bytes a", "bytes b", "task");
    }

    @Test
    void onBytes_bufferKept_isOverwrittenAfterTheCall() {
        client.send(ascii("hello"));

        byte[] seenLater = new byte[5];
        connection.kept.get(0).get(seenLater);
        assertThat(seenLater).isNotEqualTo(ascii("hello"));
        assertThat(connection.kept.get(0).hasArray()).isFalse();
    }

    @Test
    void write_withoutFlush_isNotSeen() {
        connection.run(() -> connection.channel.write(Batch.of("hello")));
        assertThat(client.awaitBytes()).isEmpty();

        connection.run(connection.channel::flush);
        assertThat(client.available()).isEqualTo(5);
        assertThat(client.awaitBytes()).isEqualTo(ascii("hello"));
        assertThat(client.awaitBytes()).isEmpty();
    }

    @Test
    void counters_afterWrites_countThem() {
        connection.run(() -> {
            connection.channel.write(Batch.of("one"));
            connection.channel.write(Batch.of("three"));
            connection.channel.flush();
            connection.channel.flush();
        });

        assertThat(client.counters()).isEqualTo(new LoopbackCounters(0, 0, 2, 2, 8, 1, 1, 0, 0));
    }

    @Test
    void setReadingFalse_bytesWaitUntilItIsTrue() {
        connection.run(() -> connection.channel.setReading(false));
        client.send(ascii("one"));
        client.send(ascii("two"));

        assertThat(connection.log).containsExactly("accept");
        assertThat(client.unread()).isEqualTo(6);
        assertThat(client.isBrokerReading()).isFalse();

        connection.run(() -> connection.channel.setReading(true));
        assertThat(connection.log).containsExactly("accept", "bytes one", "bytes two");
    }

    @Test
    void setReadingFalse_duringOnBytes_stopsBeforeTheNextCut() {
        TinyBroker pausing = TinyBroker.doing((each, bytes) -> each.channel.setReading(false));
        LoopbackTransport other = LoopbackTransport.create(clock);
        pausing.on(other);

        other.connect().sendCut(ascii("abc"), 1);

        assertThat(pausing.only().log).containsExactly("accept", "bytes a");
    }

    @Test
    void allowLateReads_cutsComeInSpiteOfThePause() {
        connection.run(() -> connection.channel.setReading(false));
        client.sendCut(ascii("abc"), 1);

        client.allowLateReads(2);

        assertThat(connection.log).containsExactly("accept", "bytes a", "bytes b");
    }

    @Test
    void setWritableFalse_flushedBytesStayOnTheBrokersSide() {
        client.setWritable(false);
        connection.run(() -> {
            assertThat(connection.channel.isWritable()).isFalse();
            connection.send(ascii("kept"));
        });
        assertThat(client.awaitBytes()).isEmpty();
        assertThat(client.counters().writesWhileUnwritable()).isEqualTo(1);

        client.setWritable(true);
        assertThat(connection.log).containsExactly("accept", "writable");
        assertThat(client.awaitBytes()).isEqualTo(ascii("kept"));
    }

    @Test
    void setWritableTrue_neverFalse_tellsNothing() {
        client.setWritable(true);

        assertThat(connection.log).containsExactly("accept");
    }

    @Test
    void setWritable_backAndForthInOneTurn_isToldOnlyIfItLasts() {
        clock.stepManually();
        client.setWritable(false);
        client.setWritable(true);
        client.setWritable(false);
        clock.runUntilIdle();

        assertThat(connection.log).containsExactly("accept");
    }

    @Test
    void capacity_reached_isWritableAgainWhenTheClientTakes() {
        client.setCapacity(4);
        connection.run(() -> {
            connection.send(ascii("abc"));
            assertThat(connection.channel.isWritable()).isTrue();
            connection.send(ascii("def"));
            assertThat(connection.channel.isWritable()).isFalse();
        });

        assertThat(client.receive(2)).isEqualTo(ascii("ab"));
        assertThat(connection.log).containsExactly("accept");

        assertThat(client.receive(1)).isEqualTo(ascii("c"));
        assertThat(connection.log).containsExactly("accept", "writable");
        assertThat(client.receive(9)).isEqualTo(ascii("def"));
    }

    @Test
    void capacity_asOption_countsWhatIsNotFlushedToo() {
        LoopbackConnection small = transport.connect(options -> options.withCapacity(1));
        TinyBroker.Connection its = broker.connections.get(1);

        its.run(() -> {
            its.channel.write(Batch.of("x"));
            assertThat(its.channel.isWritable()).isFalse();
            its.channel.flush();
        });

        assertThat(small.awaitBytes()).isEqualTo(ascii("x"));
        assertThat(its.log).containsExactly("accept", "writable");
    }

    @Test
    void close_byTheBroker_onClosedFollowsAndFlushedBytesArrive() {
        connection.run(() -> {
            connection.send(ascii("bye"));
            connection.channel.write(Batch.of("lost"));
            connection.channel.close();
            connection.log.add("close returned");
        });

        assertThat(connection.log).containsExactly("accept", "close returned", "closed");
        assertThat(client.isOpen()).isFalse();
        assertThat(client.isEnded()).isFalse();
        assertThat(client.awaitBytes()).isEqualTo(ascii("bye"));
        assertThat(client.isEnded()).isTrue();
    }

    @Test
    void send_afterTheBrokerClosed_isLost() {
        connection.run(connection.channel::close);
        client.send(ascii("late"));

        assertThat(connection.log).containsExactly("accept", "closed");
    }

    @Test
    void closeByPeer_afterBytes_brokerGetsThemFirst() {
        clock.stepManually();
        client.send(ascii("last"));
        client.closeByPeer();
        clock.runUntilIdle();

        assertThat(connection.log).containsExactly("accept", "bytes last", "closed");
        assertThat(transport.openConnections()).isZero();
    }

    @Test
    void closeByPeer_whileReadingIsPaused_isSeenWhenItResumes() {
        connection.run(() -> connection.channel.setReading(false));
        client.send(ascii("last"));
        client.closeByPeer();
        assertThat(connection.log).containsExactly("accept");

        connection.run(() -> connection.channel.setReading(true));
        assertThat(connection.log).containsExactly("accept", "bytes last", "closed");
    }

    @Test
    void resetByPeer_unreadBytes_areLost() {
        connection.run(() -> connection.channel.setReading(false));
        client.send(ascii("lost"));
        client.resetByPeer();

        assertThat(connection.log).containsExactly("accept", "closed");
        assertThat(client.isEnded()).isTrue();
    }

    @Test
    void send_afterCloseByPeer_refused() {
        client.close();

        assertThatThrownBy(() -> client.send(ascii("x"))).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void sendCut_sizeZero_refused() {
        assertThatThrownBy(() -> client.sendCut(ascii("x"), 0)).hasMessage("size: 0 (expected: at least 1)");
    }

    @Test
    void calls_afterTheEnd_areIgnoredAndCounted() {
        client.closeByPeer();
        connection.run(() -> {
            connection.send(ascii("x"));
            connection.channel.setReading(true);
            connection.channel.close();
            assertThat(connection.channel.isWritable()).isFalse();
        });

        assertThat(client.counters().ignoredCalls()).isEqualTo(4);
        assertThat(client.available()).isZero();
        assertThat(connection.log).containsExactly("accept", "closed");
    }

    @Test
    void write_afterClose_failsTheTest() {
        connection.run(() -> {
            connection.channel.close();
            connection.send(ascii("x"));
        });

        assertViolation("write after close");
    }

    @Test
    void write_offTheLoop_failsTheTest() {
        assertThatThrownBy(() -> connection.send(ascii("x"))).isInstanceOf(ContractViolation.class);

        assertViolation("write was not called on loopback-0");
    }

    @Test
    void otherCalls_offTheLoop_failTheTest() {
        assertThatThrownBy(connection.channel::flush).hasMessageContaining("flush was not called on");
        assertThatThrownBy(connection.channel::close).hasMessageContaining("close was not called on");
        assertThatThrownBy(connection.channel::isWritable).hasMessageContaining("isWritable was not called on");
        assertThatThrownBy(() -> connection.channel.setReading(true)).hasMessageContaining("setReading was not");

        assertViolation("flush was not called on");
    }

    @Test
    void writeTo_lessThanItsLength_failsTheTest() {
        connection.run(() -> connection.channel.write(new Batch(3, ascii("ab"))));

        assertViolation("writeTo wrote 2 bytes (expected: 3)");
    }

    @Test
    void writeTo_moreThanItsLength_failsTheTest() {
        connection.run(() -> connection.channel.write(new Batch(1, ascii("ab"))));

        assertViolation("writeTo wrote more than length(): 1 bytes");
    }

    @Test
    void violation_swallowedByTheBroker_failsTheTestAnyway() {
        connection.run(() -> {
            try {
                connection.channel.write(new Batch(3, ascii("ab")));
            } catch (Throwable swallowed) {
                connection.log.add("swallowed");
            }
        });

        assertThat(connection.log).contains("swallowed");
        assertViolation("writeTo");
    }

    @Test
    void handler_throws_failsTheActionOfTheTest() {
        LoopbackTransport other = LoopbackTransport.create(clock);
        TinyBroker.doing((each, bytes) -> {
                    throw new IllegalStateException("boom");
                })
                .on(other);
        LoopbackConnection throwing = other.connect();

        assertThatThrownBy(() -> throwing.send(ascii("x")))
                .isInstanceOf(AssertionError.class)
                .hasRootCauseMessage("boom");
    }

    private void assertViolation(String message) {
        assertThatThrownBy(() -> client.send(ascii("next")))
                .isInstanceOf(ContractViolation.class)
                .hasMessageContaining(message);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(US_ASCII);
    }
}
