package io.mqttparty.redis.internal.record;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.mqttparty.model.ClientId;
import io.mqttparty.model.QoS;
import io.mqttparty.model.TopicFilter;
import io.mqttparty.spi.NodeId;
import io.mqttparty.spi.RouteChange;
import io.mqttparty.spi.SessionRef;
import io.mqttparty.spi.Token;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.Map;

/**
 * Routes as they are kept. What a session is subscribed to: u8 version, 1; u16 length of the incarnation, the incarnation; u32 version of the
 * subscriptions; the {@link Subscriptions}. An entry of the log has a field {@code t} that says what it is, and one field for each part.
 */
public final class RouteRecords {
    /** A persistent session is subscribed to this: {@code c} the client, {@code v} as above. */
    public static final String SESSION = "S";

    /** A persistent session is over: {@code c} the client, {@code i} the incarnation. */
    public static final String SESSION_GONE = "G";

    /** A node has transient sessions with this filter: {@code n}, {@code f}, {@code q} the highest QoS. */
    public static final String FILTER = "T";

    /** A node has none any more: {@code n}, {@code f}. */
    public static final String FILTER_GONE = "U";

    /** A node is gone: {@code n}. */
    public static final String NODE_DOWN = "D";

    static final byte VERSION = 1;

    private RouteRecords() {}

    /** What a session is subscribed to, see above. Scripts make the same. */
    public static byte[] encodeSession(Token incarnation, int version, byte[] subscriptions) {
        return new RecordWriter(64 + subscriptions.length)
                .u8(VERSION)
                .text(incarnation.value())
                .u32(version)
                .bytes(subscriptions)
                .toBytes();
    }

    /**
     * What a client's session is subscribed to.
     *
     * @throws UnreadableRecordException if these bytes do not say it
     */
    public static RouteChange.SessionRoutes decodeSession(ClientId client, byte[] value) {
        ByteBuffer source = ByteBuffer.wrap(value);
        try {
            byte version = source.get();
            if (version != VERSION) {
                throw new UnreadableRecordException("route: version " + version + " (expected: " + VERSION + ")");
            }
            SessionRef session = new SessionRef(client, new Token(BusRecords.text(source)));
            source.getInt(); // the version of the subscriptions, for those who compare routes by hand
            return new RouteChange.SessionRoutes(session, Subscriptions.read(source));
        } catch (BufferUnderflowException | IllegalArgumentException e) {
            throw new UnreadableRecordException(
                    "route: " + e + " (expected: subscriptions of version " + VERSION + ")");
        }
    }

    /**
     * What an entry of the log says.
     *
     * @param fields names and values
     * @throws UnreadableRecordException if it says nothing that this version knows
     */
    public static RouteChange decode(Map<String, byte[]> fields) {
        try {
            String kind = text(fields, "t");
            return switch (kind) {
                case SESSION -> decodeSession(client(fields), value(fields, "v"));
                case SESSION_GONE ->
                    new RouteChange.SessionGone(new SessionRef(client(fields), new Token(text(fields, "i"))));
                case FILTER ->
                    new RouteChange.NodeFilter(
                            node(fields), filter(fields), QoS.of(Integer.parseInt(text(fields, "q"))));
                case FILTER_GONE -> new RouteChange.NodeFilterGone(node(fields), filter(fields));
                case NODE_DOWN -> new RouteChange.NodeDown(node(fields));
                default -> throw new UnreadableRecordException("route log: " + kind + " (expected: one of S G T U D)");
            };
        } catch (IllegalArgumentException e) {
            throw new UnreadableRecordException("route log: " + e + " (expected: an entry of version " + VERSION + ")");
        }
    }

    private static ClientId client(Map<String, byte[]> fields) {
        return ClientId.of(text(fields, "c"));
    }

    private static NodeId node(Map<String, byte[]> fields) {
        return new NodeId(text(fields, "n"));
    }

    private static TopicFilter filter(Map<String, byte[]> fields) {
        return TopicFilter.of(text(fields, "f"));
    }

    private static String text(Map<String, byte[]> fields, String name) {
        return new String(value(fields, name), UTF_8);
    }

    private static byte[] value(Map<String, byte[]> fields, String name) {
        byte[] value = fields.get(name);
        if (value == null) {
            throw new UnreadableRecordException("route log: no field " + name + " (expected: one)");
        }
        return value;
    }
}
