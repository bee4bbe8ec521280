/**
 * The protocol of one connection as a machine without IO: packets and finished calls go in, effects come out. It starts no thread and reads no
 * clock; everything in it is confined to the event loop of its connection.
 */
@NullMarked
package io.mqttparty.internal.session;

import org.jspecify.annotations.NullMarked;
