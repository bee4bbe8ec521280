package io.mqttparty.netty;

import io.mqttparty.spi.transport.TransportChannel;
import java.nio.ByteBuffer;

/** Sends back what comes. */
final class Echo extends Recorder {
    Echo(TransportChannel channel) {
        super(channel);
    }

    @Override
    public void onBytes(ByteBuffer view) {
        byte[] copy = new byte[view.remaining()];
        view.duplicate().get(copy);
        super.onBytes(view);
        channel.write(new Batch(copy));
        channel.flush();
    }
}
