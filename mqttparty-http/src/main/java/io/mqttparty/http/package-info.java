/**
 * The HTTP bridge: what devices publish becomes HTTP requests to a backend, and HTTP requests to any node reach a device wherever it is
 * connected. docs/http.md describes headers, status codes and policies.
 */
@NullMarked
package io.mqttparty.http;

import org.jspecify.annotations.NullMarked;
