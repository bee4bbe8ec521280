/** The backend in memory. */
package io.mqttparty.internal.memory;
