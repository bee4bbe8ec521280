/** Asks the backend for decisions, and keeps its answers as long as it says. */
@NullMarked
package io.mqttparty.http.internal.decision;

import org.jspecify.annotations.NullMarked;
