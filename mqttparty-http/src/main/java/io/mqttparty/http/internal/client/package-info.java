/** Calls to a backend on the HTTP client of the JDK: deadlines, limits, and as many at once as the backend takes. */
@NullMarked
package io.mqttparty.http.internal.client;

import org.jspecify.annotations.NullMarked;
