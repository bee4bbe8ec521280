package io.mqttparty.internal.broker;

import io.mqttparty.model.Message;
import io.mqttparty.model.ReasonCode;
import io.mqttparty.model.TopicName;
import io.mqttparty.spi.FenceResult;
import io.mqttparty.spi.RetainedStore;
import io.mqttparty.spi.SessionStore.RetainedCursor;
import io.mqttparty.spi.SessionStore.RetainedStep;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Puts retained messages that match a subscription of a persistent session at QoS 1 or 2 into its queue, page by page, while that is not deep.
 * The cursor is in the store, so that the next connection goes on where this one ended.
 */
final class RetainedQueueing {
    private static final int PAGE = 256;
    /** A page takes at most this part of the queue. */
    private static final int SHARE = 4;

    private final BrokerRuntime broker;
    private final ConnectionDriver connection;
    private RetainedCursor cursor;

    RetainedQueueing(BrokerRuntime broker, ConnectionDriver connection, RetainedCursor cursor) {
        this.broker = broker;
        this.connection = connection;
        this.cursor = cursor;
    }

    void start() {
        if (cursor.filter().isShared()) {
            step(List.of(), Optional.empty());
        } else {
            page();
        }
    }

    private void page() {
        if (connection.isClosed()) {
            return;
        }
        if (connection.machine().hasBacklog()) {
            connection.session().retainedTurns().pause(this::page);
            return;
        }
        int most = Math.max(1, Math.min(PAGE, broker.limits().queueMessages() / SHARE));
        SpiCalls.call(
                connection.loop(),
                broker.timeouts().storeNanos(),
                "retained store",
                () -> broker.retained().match(cursor.filter(), cursor.after(), most),
                this::onPage,
                failure -> broker.storeFailed(connection, failure));
    }

    private void onPage(RetainedStore.Page page) {
        List<TopicName> topics = new ArrayList<>();
        long left = broker.limits().queueBytes() / SHARE;
        for (Message message : page.messages()) {
            left -= message.payload().size() + message.topic().utf8Length();
            if (left < 0 && !topics.isEmpty()) {
                step(
                        topics,
                        Optional.of(cursorAfter(topics.get(topics.size() - 1).value())));
                return;
            }
            topics.add(message.topic());
        }
        step(topics, page.next().map(this::cursorAfter));
    }

    private RetainedCursor cursorAfter(String topic) {
        return new RetainedCursor(cursor.filter(), cursor.grant(), topic);
    }

    private void step(List<TopicName> topics, Optional<RetainedCursor> next) {
        if (connection.isClosed()) {
            return;
        }
        LiveSession session = connection.session();
        SpiCalls.call(
                connection.loop(),
                broker.timeouts().storeNanos(),
                "session store",
                () -> broker.sessions().enqueueRetained(session.fence, new RetainedStep(cursor, topics, next)),
                result -> {
                    if (result.result() == FenceResult.STALE) {
                        connection.end(ReasonCode.SESSION_TAKEN_OVER);
                        return;
                    }
                    connection.onPushed(session.ref, result.lastSeq(), null);
                    next.ifPresentOrElse(this::goOn, session.retainedTurns()::done);
                },
                failure -> broker.storeFailed(connection, failure));
    }

    private void goOn(RetainedCursor next) {
        cursor = next;
        // Not during this call: a store that answers at once must not make a stack as deep as its pages.
        connection.loop().execute(this::page);
    }
}
