package io.mqttparty.internal.broker;

import io.mqttparty.model.ReasonCode;
import io.mqttparty.spi.Authorizer;
import io.mqttparty.spi.DropReason;
import io.mqttparty.spi.FenceResult;
import io.mqttparty.spi.Queued;
import io.mqttparty.spi.SessionStore;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads the queues of persistent sessions for their connections. What has expired, and what the client may no longer receive, is removed on the
 * way; gaps in the numbers are messages that a full queue dropped.
 */
final class Queues {
    private final BrokerRuntime broker;
    private final @Nullable Authorizer authorizer;

    Queues(BrokerRuntime broker, @Nullable Authorizer authorizer) {
        this.broker = broker;
        this.authorizer = authorizer;
    }

    /** Reads on behalf of the machine of this connection. */
    void read(ConnectionDriver connection, long afterSeq, int max) {
        LiveSession session = connection.session();
        SpiCalls.call(
                connection.loop(),
                broker.timeouts().storeNanos(),
                "session store",
                () -> broker.sessions().read(session.ref, afterSeq, max),
                records -> filter(
                        connection,
                        session,
                        afterSeq,
                        records,
                        rest -> connection.onRead(rest, upTo(afterSeq, records))),
                failure -> broker.storeFailed(connection, failure));
    }

    /** The last number of these records, or the position before them. */
    static long upTo(long afterSeq, List<Queued> records) {
        return records.isEmpty() ? afterSeq : records.get(records.size() - 1).seq();
    }

    /**
     * Hands on those of the records that are to be delivered; each of the others is removed, counted and named.
     *
     * @param sentUpTo numbers above it that are missing were never sent, so they were dropped
     */
    void filter(
            ConnectionDriver connection,
            LiveSession session,
            long sentUpTo,
            List<Queued> records,
            Consumer<List<Queued>> onRest) {
        countGaps(connection, session, Math.max(sentUpTo, SessionStore.FIRST_SEQ - 1), records);
        long now = broker.clock().millis();
        List<Queued> rest = new ArrayList<>(records.size());
        for (Queued queued : records) {
            if (queued.message().isExpiredAt(now)) {
                remove(connection, session, queued, DropReason.EXPIRED);
            } else {
                rest.add(queued);
            }
        }
        if (authorizer == null || rest.isEmpty()) {
            onRest.accept(rest);
        } else {
            check(connection, session, authorizer, rest, onRest);
        }
    }

    private void countGaps(ConnectionDriver connection, LiveSession session, long sentUpTo, List<Queued> records) {
        long expected = sentUpTo + 1;
        for (Queued queued : records) {
            if (queued.seq() > expected) {
                session.dropped(expected, queued.seq() - 1);
                broker.dropped(
                        connection.loop(),
                        session.clientId(),
                        queued.message().topic(),
                        DropReason.QUEUE_FULL,
                        queued.seq() - expected);
            }
            expected = Math.max(expected, queued.seq() + 1);
        }
    }

    private void remove(ConnectionDriver connection, LiveSession session, Queued queued, DropReason reason) {
        broker.writeBehind().acknowledge(connection.loop(), session.ref, new long[] {queued.seq()});
        session.dropped(queued.seq(), queued.seq());
        broker.dropped(connection.loop(), session.clientId(), queued.message().topic(), reason);
    }

    /** Notes how far a session has come. */
    void watermark(ConnectionDriver connection, long sentUpTo, long acknowledgedUpTo) {
        SpiCalls.call(
                connection.loop(),
                broker.timeouts().storeNanos(),
                "session store",
                () -> broker.sessions().watermark(connection.session().fence, sentUpTo, acknowledgedUpTo),
                result -> {
                    if (result == FenceResult.STALE) {
                        connection.end(ReasonCode.SESSION_TAKEN_OVER);
                    }
                },
                failure -> broker.storeFailed(connection, failure));
    }

    /** Asks the authorizer about each record, about several at a time. */
    private void check(
            ConnectionDriver connection,
            LiveSession session,
            Authorizer asked,
            List<Queued> records,
            Consumer<List<Queued>> onRest) {
        boolean[] allowed = new boolean[records.size()];
        Steps.each(
                allowed.length,
                Steps.QUESTIONS_AT_ONCE,
                (index, next) -> SpiCalls.call(
                        connection.loop(),
                        broker.timeouts().decisionNanos(),
                        "authorizer",
                        () -> asked.mayReceive(
                                session.client, records.get(index).message().topic()),
                        may -> {
                            allowed[index] = may;
                            next.run();
                        },
                        failure -> {
                            broker.log().spiFailed("authorizer", session.clientId(), failure);
                            next.run();
                        }),
                () -> onRest.accept(
                        connection.isClosed() ? List.of() : withoutRefused(connection, session, records, allowed)));
    }

    private List<Queued> withoutRefused(
            ConnectionDriver connection, LiveSession session, List<Queued> records, boolean[] allowed) {
        List<Queued> rest = new ArrayList<>(allowed.length);
        for (int i = 0; i < allowed.length; i++) {
            if (allowed[i]) {
                rest.add(records.get(i));
            } else {
                remove(connection, session, records.get(i), DropReason.NOT_AUTHORIZED_TO_RECEIVE);
            }
        }
        return rest;
    }
}
