package io.mqttparty.examples.karma;

import java.util.BitSet;
import java.util.StringJoiner;

/** Sets of small numbers as text: {@code 1-17,19}. */
final class NumberRanges {
    private NumberRanges() {}

    static String write(BitSet numbers) {
        StringJoiner ranges = new StringJoiner(",");
        for (int from = numbers.nextSetBit(0); from >= 0; ) {
            int end = numbers.nextClearBit(from);
            ranges.add(end == from + 1 ? "" + from : from + "-" + (end - 1));
            from = numbers.nextSetBit(end);
        }
        return ranges.toString();
    }

    /**
     * Reads what {@link #write} wrote.
     *
     * @throws IllegalArgumentException if it is something else
     */
    static BitSet read(String text) {
        BitSet numbers = new BitSet();
        for (String range : text.isEmpty() ? new String[0] : text.split(",", -1)) {
            int dash = range.indexOf('-');
            int from = Integer.parseInt(dash < 0 ? range : range.substring(0, dash));
            int last = dash < 0 ? from : Integer.parseInt(range.substring(dash + 1));
            if (last < from) {
                throw new IllegalArgumentException("range: " + range + " (expected: ascending)");
            }
            numbers.set(from, last + 1);
        }
        return numbers;
    }
}
