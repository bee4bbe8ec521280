/** Signatures of requests to the backend after Standard Webhooks: symmetric, HMAC-SHA256. */
@NullMarked
package io.mqttparty.http.internal.signature;

import org.jspecify.annotations.NullMarked;
