package io.mqttparty.redis.internal.cluster;

import io.mqttparty.redis.internal.lane.StreamEntry;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** A stream that is read from its end on, see {@link NodeReader}. All calls come on one thread. */
interface FollowedStream {
    /** The entries of one read at most: one of an inbox may have 128 KiB. */
    int PAGE = 128;

    byte[] key();

    /** The id of the last entry that was taken. */
    String position();

    /** A read is about to be sent. */
    void beforeRead();

    /**
     * What the read found.
     *
     * @param entries after the position; {@value #PAGE} of them may have more behind them
     * @param waited whether the read waited for its whole time and found nothing
     * @return completes, on the same thread, when the next read may be sent
     */
    CompletionStage<Void> onRead(List<StreamEntry> entries, boolean waited);
}
