/** Texts of HTTP, without IO: templates of URLs and topics, percent-encoding, JSON. */
@NullMarked
package io.mqttparty.http.internal.text;

import org.jspecify.annotations.NullMarked;
