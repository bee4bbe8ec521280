/** What every other package may use and what uses none of them. */
@NullMarked
package io.mqttparty.internal.util;

import org.jspecify.annotations.NullMarked;
