package io.mqttparty.internal.broker;

import io.mqttparty.spi.Counter;
import io.mqttparty.spi.SessionRef;

/** Writes to the session store that nobody waits for. A store that throws costs a delivery that the client gets again. */
final class WriteBehind {
    private final BrokerRuntime broker;

    WriteBehind(BrokerRuntime broker) {
        this.broker = broker;
    }

    /** The client has these records. */
    void acknowledge(LoopContext loop, SessionRef session, long[] seqs) {
        write(loop, session, () -> broker.sessions().acknowledge(session, seqs));
    }

    /** The publish of this record failed. */
    void withdraw(LoopContext loop, SessionRef session, long seq) {
        write(loop, session, () -> broker.sessions().withdraw(session, new long[] {seq}));
    }

    private void write(LoopContext loop, SessionRef session, Runnable write) {
        try {
            write.run();
        } catch (Throwable e) {
            loop.counters().add(Counter.SPI_FAILURES);
            broker.log().spiFailed("session store", session.client(), e);
        }
    }
}
