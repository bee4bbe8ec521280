package io.mqttparty.internal.broker;

import io.mqttparty.model.TopicFilter;
import io.mqttparty.spi.Upstream;

/**
 * Messages of these topics go to this upstream.
 *
 * @param filter which
 * @param upstream where to
 */
public record UpstreamRoute(TopicFilter filter, Upstream upstream) {}
