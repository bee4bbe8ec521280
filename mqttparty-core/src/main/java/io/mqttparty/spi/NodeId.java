package io.mqttparty.spi;

/**
 * One run of one node: new at each start and each time it joins again, never used twice.
 *
 * @param value {@code <name>.<8 random characters>}; the name is for people
 */
public record NodeId(String value) implements Comparable<NodeId> {
    /** Checks that there is something. */
    public NodeId {
        if (value.isEmpty()) {
            throw new IllegalArgumentException("nodeId: empty (expected: at least one character)");
        }
    }

    @Override
    public int compareTo(NodeId other) {
        return value.compareTo(other.value);
    }

    // Written out for the time of a start: docs/adr/0011
    @Override
    public boolean equals(Object other) {
        return other instanceof NodeId that && value.equals(that.value);
    }

    @Override
    public int hashCode() {
        return value.hashCode();
    }

    @Override
    public String toString() {
        return value;
    }
}
