/** The broker and its builder. */
@NullMarked
package io.mqttparty;

import org.jspecify.annotations.NullMarked;
