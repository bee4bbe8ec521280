package io.mqttparty.redis.internal.lane;

import io.lettuce.core.protocol.ProtocolKeyword;

/** A command that collects its arguments while it waits for its batch. */
final class LateCall extends Call {
    private static final byte[][] NONE = {};

    private final LateArguments late;
    private byte[][] taken = NONE;

    LateCall(ProtocolKeyword type, ReplyHandler handler, LateArguments late) {
        super(type, NONE, handler);
        this.late = late;
    }

    @Override
    void leave() {
        taken = late.take();
    }

    @Override
    byte[][] arguments() {
        return taken;
    }
}
