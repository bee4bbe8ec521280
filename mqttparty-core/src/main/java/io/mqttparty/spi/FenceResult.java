package io.mqttparty.spi;

/** Whether a fenced change was made. */
public enum FenceResult {
    /** It was made, now or when the same call came before. */
    OK,
    /** It was not made: the session belongs to another connection. The caller drops its connection and acknowledges nothing more. */
    STALE
}
