package io.mqttparty.examples.karma;

import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;

/**
 * What devices were told is safe, against what the backend has.
 *
 * @param acknowledged heartbeats with a PUBACK
 * @param seen heartbeats that the backend has
 * @param lost heartbeats with a PUBACK that the backend does not have
 */
record Ledger(long acknowledged, long seen, long lost) {
    /**
     * Compares.
     *
     * @param acknowledged numbers of each device
     * @param lines what the backend says, a line for each device: its id, a space, its numbers
     */
    static Ledger compare(Map<String, BitSet> acknowledged, String lines) {
        long seen = 0;
        long all = 0;
        long lost = 0;
        Map<String, BitSet> have = new HashMap<>();
        for (String line : lines.lines().toList()) {
            int space = line.lastIndexOf(' ');
            BitSet numbers = NumberRanges.read(line.substring(space + 1));
            have.put(line.substring(0, space), numbers);
            seen += numbers.cardinality();
        }
        for (Map.Entry<String, BitSet> device : acknowledged.entrySet()) {
            BitSet missing = device.getValue();
            all += missing.cardinality();
            missing.andNot(have.getOrDefault(device.getKey(), new BitSet()));
            lost += missing.cardinality();
        }
        return new Ledger(all, seen, lost);
    }

    @Override
    public String toString() {
        return "heartbeats acknowledged " + acknowledged + ", seen by the backend " + seen + ", lost " + lost;
    }
}
