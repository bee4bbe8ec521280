package io.mqttparty.interop;

/** A message as a client library has handed it to its user. */
record Received(String topic, String payload, int qos, boolean retained) {}
