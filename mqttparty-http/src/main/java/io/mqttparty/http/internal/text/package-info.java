/** Text that ends up in URLs, headers and topics: templates and encodings, without IO. */
@NullMarked
package io.mqttparty.http.internal.text;

import org.jspecify.annotations.NullMarked;
