package io.mqttparty.interop;

import java.util.List;

/** A subscriber in a process of its own, which prints a line {@code message, topic, qos, retained, payload} with tabs between for each message. */
final class ProcessSubscriber implements Subscriber {
    private static final String MESSAGE = "message\t";

    private final ToolProcess process;

    ProcessSubscriber(ToolProcess process) {
        this.process = process;
    }

    @Override
    public List<Received> received() {
        return process.output().stream()
                .filter(line -> line.startsWith(MESSAGE))
                .map(ProcessSubscriber::parse)
                .toList();
    }

    private static Received parse(String line) {
        String[] fields = line.split("\t", 5);
        return new Received(fields[1], fields[4], Integer.parseInt(fields[2]), fields[3].equals("1"));
    }

    @Override
    public void disconnect() {
        process.terminate();
    }

    /** Ends the process as a crash does. */
    void kill() {
        process.kill();
    }

    @Override
    public void close() {
        process.close();
    }
}
