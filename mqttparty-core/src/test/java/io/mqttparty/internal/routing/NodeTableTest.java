package io.mqttparty.internal.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class NodeTableTest {
    private final NodeTable<String, String, Node<String, String>> table = new NodeTable<>();

    @Test
    void find_nodesWithOneHash_tellsThemApart() {
        List<Node<String, String>> nodes = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            nodes.add(added("n" + i, 7));
        }

        for (int i = 0; i < 200; i++) {
            assertThat(found("n" + i, 7)).isSameAs(nodes.get(i));
        }
        assertThat(found("n", 7)).isNull();
    }

    @Test
    void find_afterRemovalsInsideAChain_findsTheRest() {
        List<Node<String, String>> nodes = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            nodes.add(added("n" + i, i % 3 - 1));
        }
        for (int i = 0; i < 100; i += 2) {
            table.remove(nodes.get(i));
        }

        for (int i = 0; i < 100; i++) {
            assertThat(found("n" + i, i % 3 - 1)).isSameAs(i % 2 == 0 ? null : nodes.get(i));
        }
    }

    @Test
    void capacity_afterChurn_goesBack() {
        int before = table.capacity();
        for (int round = 0; round < 3; round++) {
            List<Node<String, String>> nodes = new ArrayList<>();
            for (int i = 0; i < 10_000; i++) {
                nodes.add(added("n" + i, i * 0x9E3779B9));
            }
            assertThat(table.capacity()).isBetween(15_000, 40_000);
            nodes.forEach(table::remove);
        }

        assertThat(table.size()).isZero();
        assertThat(table.capacity()).isEqualTo(before);
    }

    private Node<String, String> added(String level, int hash) {
        Node<String, String> node = new Node<>(null, level, hash);
        table.add(node);
        return node;
    }

    private Node<String, String> found(String level, int hash) {
        return table.find(null, hash, level, 0, level.length());
    }
}
