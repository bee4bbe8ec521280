package io.mqttparty.spi;

/**
 * A place in the route log. Positions of one log are ordered.
 *
 * @param high compared first
 * @param low compared if {@code high} is equal
 */
public record RoutePosition(long high, long low) implements Comparable<RoutePosition> {
    /** Before everything. */
    public static final RoutePosition START = new RoutePosition(0, 0);

    @Override
    public int compareTo(RoutePosition other) {
        int byHigh = Long.compare(high, other.high);
        return byHigh != 0 ? byHigh : Long.compare(low, other.low);
    }
}
