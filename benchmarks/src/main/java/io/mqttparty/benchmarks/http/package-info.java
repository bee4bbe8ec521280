/** What the HTTP bridge costs, in processes of their own. */
@NullMarked
package io.mqttparty.benchmarks.http;

import org.jspecify.annotations.NullMarked;
