/**
 * The contracts of the SPIs that keep state, as abstract test classes. A store of your own passes them when a test class that extends each of
 * them, and makes the backend in {@link io.mqttparty.testkit.contract.BackendContract#newBackend}, is green.
 */
@NullMarked
package io.mqttparty.testkit.contract;

import org.jspecify.annotations.NullMarked;
