/** What users of the HTTP bridge implement and ask for: listeners and counters. */
@NullMarked
package io.mqttparty.http.spi;

import org.jspecify.annotations.NullMarked;
