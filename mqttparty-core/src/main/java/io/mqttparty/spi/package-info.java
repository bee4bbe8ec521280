/**
 * What an application can plug into the broker: who may connect and do what, where messages go, and where state is kept.
 *
 * <p>Methods that may need IO return a {@link java.util.concurrent.CompletionStage}; a stage that is complete already costs no detour. They
 * are called on event loops and must not block; they may complete their stage on any thread. An SPI that throws, fails or takes longer than
 * its time limit means "no", never "yes": nothing is acknowledged, one counter moves and one log line names the client.
 */
@NullMarked
package io.mqttparty.spi;

import org.jspecify.annotations.NullMarked;
