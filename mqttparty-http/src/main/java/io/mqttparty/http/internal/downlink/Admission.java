package io.mqttparty.http.internal.downlink;

import io.mqttparty.http.spi.DownlinkResponse;
import java.util.Optional;

/**
 * What is known of a request once its head is there: it is refused, or what it asks for can be done with its body. An exchange that is begun must be
 * run or dropped.
 *
 * @param refusal the answer, if it is refused
 * @param exchange what is to be done; of no use if it is refused
 */
public record Admission(Optional<DownlinkResponse> refusal, Exchange exchange) {}
