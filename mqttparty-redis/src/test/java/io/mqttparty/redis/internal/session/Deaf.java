package io.mqttparty.redis.internal.session;

import io.mqttparty.model.ClientId;
import io.mqttparty.spi.BusRecord;
import io.mqttparty.spi.ClusterBus;
import io.mqttparty.spi.NodeId;

/** A member that does not listen. */
final class Deaf implements ClusterBus.Handler {
    @Override
    public void onRecord(NodeId from, BusRecord record) {}

    @Override
    public void onFenced() {}

    @Override
    public void onConnectionLost(NodeId node, ClientId client) {}

    @Override
    public void onGap() {}

    @Override
    public void onStoreReplaced() {}
}
