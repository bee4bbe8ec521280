/** Who gets a message. Reads take no lock; {@link io.mqttparty.internal.routing.TopicTree} explains the structure. */
@NullMarked
package io.mqttparty.internal.routing;

import org.jspecify.annotations.NullMarked;
