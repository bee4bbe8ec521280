package io.mqttparty.interop;

/** A client library that runs in a process, which can be killed. */
interface ProcessDriver extends ClientDriver {
    @Override
    ProcessSubscriber subscribe(int port, Subscribing how);

    @Override
    ProcessSubscriber resume(int port, Subscribing how);
}
