package io.mqttparty.redis.internal.outbox;

import io.mqttparty.redis.internal.lane.Reply;
import io.mqttparty.redis.internal.record.UnreadableRecordException;
import io.mqttparty.spi.Outbox.Entry;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page of a stream of entries. What cannot be read is passed over and stays where it is: a newer node may have written it, and will read it; what nobody
 * can read must not stop the others.
 *
 * @param readable the entries
 * @param unreadable how many were passed over
 * @param lastPosition of the last element, readable or not; 0 without any
 */
record Elements(List<Element> readable, int unreadable, long lastPosition) {
    private static final Logger LOG = System.getLogger("io.mqttparty.redis");

    /**
     * One entry.
     *
     * @param index its place in the page
     * @param position its place in the stream
     * @param entry what was appended
     * @param fields of the stream: name and value in turn
     */
    record Element(int index, long position, Entry entry, List<@Nullable Object> fields) {}

    /**
     * The elements of a reply.
     *
     * @param what they are, for the log: one line for all that cannot be read
     */
    static Elements of(@Nullable Object reply, String what) {
        List<@Nullable Object> elements = Reply.list(reply);
        List<Element> readable = new ArrayList<>(elements.size());
        long position = 0;
        long firstUnreadable = 0;
        @Nullable UnreadableRecordException why = null;
        for (int i = 0; i < elements.size(); i++) {
            List<@Nullable Object> element = Reply.list(elements.get(i));
            position = Answer.position(element);
            try {
                readable.add(new Element(i, position, Answer.entry(element), Answer.fields(element)));
            } catch (UnreadableRecordException e) {
                firstUnreadable = why == null ? position : firstUnreadable;
                why = why == null ? e : why;
            }
        }
        int unreadable = elements.size() - readable.size();
        if (why != null) {
            LOG.log(
                    Level.WARNING,
                    "outbox: {0} cannot be read and are left where they are: {1}, the first at {2}: {3}",
                    what,
                    unreadable,
                    firstUnreadable,
                    why.getMessage());
        }
        return new Elements(List.copyOf(readable), unreadable, position);
    }
}
