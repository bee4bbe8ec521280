/** What users of the HTTP bridge implement, ask for and exchange with it: requests and responses of the downlink, listeners, counters. */
@NullMarked
package io.mqttparty.http.spi;

import org.jspecify.annotations.NullMarked;
