package io.mqttparty.testkit;

/** The client's end of a connection, as bytes. All arrays are copies. Failures of the connection end it, they are not thrown. */
public interface BytePipe extends AutoCloseable {
    /**
     * Sends all these bytes.
     *
     * @throws IllegalStateException if this side has closed the connection
     */
    void send(byte[] bytes);

    /** Takes what has come; waits for the first byte until the pipe's deadline. Empty if none came in time or none can come any more. */
    byte[] awaitBytes();

    /** Takes what has come; waits as long as it takes to be sure that nothing comes. Empty if nothing came. */
    byte[] pollBytes();

    /** Whether the connection is over and everything that the broker sent has been taken. It is known after a call that takes bytes. */
    boolean isEnded();

    /** Closes the connection from the client's side without another byte. */
    @Override
    void close();
}
