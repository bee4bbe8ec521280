package io.mqttparty.redis.internal.lane;

import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.output.CommandOutput;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Builds a {@link Reply} from what the parser of Lettuce tells, in RESP2 and RESP3. */
final class ReplyOutput extends CommandOutput<byte[], byte[], Object> {
    private final List<List<@Nullable Object>> open = new ArrayList<>(0);
    private @Nullable Object reply;

    @SuppressWarnings("NullAway") // Lettuce has no null annotations: an output starts without a value
    ReplyOutput() {
        super(ByteArrayCodec.INSTANCE, null);
    }

    @Nullable
    Object reply() {
        return reply;
    }

    private void add(@Nullable Object value) {
        if (open.isEmpty()) {
            reply = value;
        } else {
            open.get(open.size() - 1).add(value);
        }
    }

    @Override
    public void set(@Nullable ByteBuffer bytes) {
        if (bytes == null) {
            add(null);
            return;
        }
        byte[] copy = new byte[bytes.remaining()];
        bytes.get(copy);
        add(copy);
    }

    @Override
    public void setSingle(@Nullable ByteBuffer bytes) {
        set(bytes);
    }

    @Override
    public void set(long number) {
        add(number);
    }

    @Override
    public void set(double number) {
        add(number);
    }

    @Override
    public void set(boolean value) {
        add(value ? 1L : 0L);
    }

    @Override
    public void multi(int count) {
        if (count < 0) { // a nil array of RESP2
            add(null);
            return;
        }
        List<@Nullable Object> list = new ArrayList<>(count);
        add(list);
        open.add(list);
    }

    /** The parser is done with the element at this depth; a list of depth d is open while elements of depth d + 1 come. */
    @Override
    public void complete(int depth) {
        while (open.size() > Math.max(0, depth)) {
            open.remove(open.size() - 1);
        }
    }
}
