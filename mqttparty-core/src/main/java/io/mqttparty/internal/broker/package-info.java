/**
 * The broker around the machine: it gives connections their bytes, performs effects, routes messages and keeps what is local to the node.
 *
 * <p>Everything of one connection runs on its event loop. What is shared between loops is said to be so.
 */
@NullMarked
package io.mqttparty.internal.broker;

import org.jspecify.annotations.NullMarked;
