package io.mqttparty.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttparty.model.ClientId;
import io.mqttparty.spi.BusRecord;
import io.mqttparty.spi.ClusterBus;
import io.mqttparty.spi.NodeId;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A node that takes what others send to it and mirrors the routes. */
final class ContractNode implements ClusterBus.Handler {
    private final BackendContract contract;
    private final NodeId id;
    private final BlockingQueue<Received> inbox = new LinkedBlockingQueue<>();
    private final Queue<String> lost = new ConcurrentLinkedQueue<>();
    private final RouteMirror mirror;
    private final ClusterBus.Lease lease;
    private int markers;

    ContractNode(BackendContract contract, NodeId id) {
        this.contract = contract;
        this.id = id;
        this.mirror = new RouteMirror(contract.routes(), id);
        this.lease = contract.await(bus().join(id, this));
        contract.await(contract.routes().follow(id, mirror));
    }

    ClusterBus.Lease lease() {
        return lease;
    }

    NodeId id() {
        return id;
    }

    RouteMirror mirror() {
        return mirror;
    }

    @Override
    public void onRecord(NodeId from, BusRecord record) {
        inbox.add(new Received(from, record));
    }

    @Override
    public void onFenced() {
        throw new AssertionError("node " + id + " was fenced (expected: never in these tests)");
    }

    @Override
    public void onConnectionLost(NodeId node, ClientId client) {
        lost.add(node + " " + client);
    }

    /** The connections that it was told to be lost, each with the node that is gone. */
    List<String> lost() {
        return List.copyOf(lost);
    }

    @Override
    public void onGap() {
        throw new AssertionError("node " + id + " missed records (expected: never in these tests)");
    }

    @Override
    public void onStoreReplaced() {
        throw new AssertionError("the store was replaced (expected: never in these tests)");
    }

    /** Everything that this node has been sent until now by calls that are complete, in its order. */
    List<BusRecord> received() {
        return takeAll().stream().map(Received::record).toList();
    }

    /** The same with the senders. */
    List<Received> takeAll() {
        BusRecord marker = new BusRecord.Kicked(ClientId.of("marker"), --markers);
        assertThat(contract.await(bus().send(id, id, marker))).isTrue();
        List<Received> all = new ArrayList<>();
        while (true) {
            Received next = take();
            if (next.record().equals(marker)) {
                return all;
            }
            all.add(next);
        }
    }

    private Received take() {
        @Nullable Received next = null;
        try {
            next = inbox.poll(contract.timeLimit().toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (next == null) {
            throw new AssertionError("node " + id + " got no record in time");
        }
        return next;
    }

    private ClusterBus bus() {
        return contract.backend().cluster().bus();
    }

    /** One record. */
    record Received(NodeId from, BusRecord record) {}
}
