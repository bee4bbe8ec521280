package io.mqttparty.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttparty.internal.codec.CodecLimits;
import io.mqttparty.internal.codec.FrameDecoder;
import io.mqttparty.internal.codec.PacketDecoder;
import io.mqttparty.internal.codec.PacketEncoder;
import io.mqttparty.internal.packet.Connect;
import io.mqttparty.internal.packet.Packet;
import io.mqttparty.internal.packet.PacketSink;
import io.mqttparty.internal.packet.PacketType;
import io.mqttparty.internal.packet.Pingreq;
import io.mqttparty.internal.packet.Publish;
import io.mqttparty.internal.packet.Pubrel;
import io.mqttparty.internal.packet.Subscribe;
import io.mqttparty.internal.packet.Unsubscribe;
import io.mqttparty.model.MalformedPacketException;
import io.mqttparty.model.Message;
import io.mqttparty.model.Payload;
import io.mqttparty.model.ProtocolVersion;
import io.mqttparty.model.QoS;
import io.mqttparty.model.Subscription;
import io.mqttparty.model.TopicFilter;
import io.mqttparty.model.Will;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.mqtt.MqttConnectMessage;
import io.netty.handler.codec.mqtt.MqttDecoder;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttMessageIdVariableHeader;
import io.netty.handler.codec.mqtt.MqttPublishMessage;
import io.netty.handler.codec.mqtt.MqttSubscribeMessage;
import io.netty.handler.codec.mqtt.MqttUnsubscribeMessage;
import io.netty.util.ReferenceCountUtil;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What our decoder accepts, Netty's accepts too and reads the same in it. Netty accepts more: it is the laxer of the two. */
final class CodecAgainstNettyTest {
    private static final int LIMIT = 1 << 20;

    private static final List<byte[]> PACKETS = List.of(
            encode(new Connect(
                    ProtocolVersion.MQTT_3_1_1,
                    "client",
                    true,
                    60,
                    Optional.of(
                            new Will(Message.of("w/ü", "bye", QoS.EXACTLY_ONCE).withRetain(true))),
                    Optional.of("user"),
                    Optional.of(Payload.utf8("pass")))),
            encode(new Publish(Message.of("a/b", "hello", QoS.AT_MOST_ONCE), 0, false)),
            encode(new Publish(Message.of("a/\uD83D\uDE00", "hello", QoS.EXACTLY_ONCE), 999, true)),
            encode(new Pubrel(7)),
            encode(new Subscribe(
                    8, List.of(Subscription.of("a/+", QoS.AT_LEAST_ONCE), Subscription.of("#", QoS.EXACTLY_ONCE)))),
            encode(new Unsubscribe(9, List.of(TopicFilter.of("a/+"), TopicFilter.of("b")))),
            encode(new Pingreq()));

    private final long seed = Long.getLong("mqttparty.seed", System.nanoTime());
    private final Random random = new Random(seed);

    @Test
    void packets_asTheyAre_readTheSame() {
        PACKETS.forEach(packet -> assertThat(sameForBoth(packet)).isTrue());
    }

    @Test
    void packets_withAnyByteChanged_readTheSameWhereWeAcceptThem() {
        System.out.println("-Dmqttparty.seed=" + seed);
        int accepted = 0;
        for (int i = 0; i < 50_000; i++) {
            byte[] packet = PACKETS.get(random.nextInt(PACKETS.size())).clone();
            for (int changes = 1 + random.nextInt(2); changes > 0; changes--) {
                packet[random.nextInt(packet.length)] = (byte) random.nextInt(256);
            }
            accepted += sameForBoth(packet) ? 1 : 0;
        }
        assertThat(accepted).isGreaterThan(1_000);
    }

    /** Whether we accept it; fails if Netty reads something else in it. */
    private boolean sameForBoth(byte[] packet) {
        TextSink ours = new TextSink();
        ByteBuffer in = ByteBuffer.wrap(packet);
        try {
            int length = FrameDecoder.frameLength(in, LIMIT);
            if (length != packet.length) {
                return false; // a packet of another length
            }
            new PacketDecoder(CodecLimits.DEFAULT).decode(in, length, ours);
        } catch (MalformedPacketException e) {
            return false;
        }
        assertThat(nettys(packet))
                .as("seed %d: %s", seed, ByteBufUtil.hexDump(packet))
                .isEqualTo(ours.text);
        return true;
    }

    private static String nettys(byte[] packet) {
        EmbeddedChannel channel = new EmbeddedChannel(new MqttDecoder(LIMIT, LIMIT));
        channel.writeInbound(Unpooled.wrappedBuffer(packet));
        MqttMessage message = channel.readInbound();
        try {
            return message.decoderResult().isFailure() ? message.decoderResult().toString() : describe(message);
        } finally {
            ReferenceCountUtil.release(message);
            channel.finishAndReleaseAll();
        }
    }

    private static String describe(MqttMessage message) {
        if (message instanceof MqttPublishMessage publish) {
            int packetId = Math.max(0, publish.variableHeader().packetId());
            return publish.variableHeader().topicName() + " " + packetId + " "
                    + message.fixedHeader().qosLevel().value()
                    + message.fixedHeader().isDup()
                    + message.fixedHeader().isRetain() + " " + ByteBufUtil.hexDump(publish.payload());
        }
        if (message instanceof MqttConnectMessage connect) {
            return connect.variableHeader().version() + " "
                    + connect.variableHeader().keepAliveTimeSeconds()
                    + connect.variableHeader().isCleanSession() + " "
                    + connect.payload().clientIdentifier() + " "
                    + connect.payload().willTopic() + " "
                    + hex(connect.payload().willMessageInBytes()) + " "
                    + connect.payload().userName() + " " + hex(connect.payload().passwordInBytes());
        }
        if (message instanceof MqttSubscribeMessage subscribe) {
            StringBuilder text =
                    new StringBuilder().append(subscribe.variableHeader().messageId());
            subscribe
                    .payload()
                    .topicSubscriptions()
                    .forEach(each -> text.append(' ')
                            .append(each.topicFilter())
                            .append(' ')
                            .append(each.qualityOfService().value()));
            return text.toString();
        }
        if (message instanceof MqttUnsubscribeMessage unsubscribe) {
            return unsubscribe.variableHeader().messageId() + " "
                    + String.join(" ", unsubscribe.payload().topics());
        }
        if (message.variableHeader() instanceof MqttMessageIdVariableHeader header) {
            return message.fixedHeader().messageType() + " " + header.messageId();
        }
        return message.fixedHeader().messageType().toString();
    }

    private static String hex(byte[] bytes) {
        return bytes == null ? "null" : ByteBufUtil.hexDump(bytes);
    }

    private static byte[] encode(Packet packet) {
        ByteBuffer target = ByteBuffer.allocate(PacketEncoder.length(packet));
        PacketEncoder.write(packet, target);
        return target.array();
    }

    /** Describes a packet in the same words. */
    private static final class TextSink implements PacketSink {
        private String text = "";

        @Override
        public void onConnect(Connect connect) {
            Optional<Message> will = connect.will().map(Will::message);
            text = connect.version().level() + " " + connect.keepAliveSeconds() + connect.cleanSession() + " "
                    + connect.clientId() + " "
                    + will.map(each -> each.topic().value()).orElse(null) + " "
                    + will.map(each -> hex(each.payload().toByteArray())).orElse("null") + " "
                    + connect.username().orElse(null) + " "
                    + connect.password().map(each -> hex(each.toByteArray())).orElse("null");
        }

        @Override
        public void onPublish(Message message, int packetId, boolean dup) {
            text = message.topic() + " " + packetId + " " + message.qos().value() + dup + message.retain() + " "
                    + hex(message.payload().toByteArray());
        }

        @Override
        public void onAcknowledgement(PacketType type, int packetId) {
            text = type + " " + packetId;
        }

        @Override
        public void onSubscribe(Subscribe subscribe) {
            StringBuilder words = new StringBuilder().append(subscribe.packetId());
            subscribe
                    .subscriptions()
                    .forEach(each -> words.append(' ')
                            .append(each.filter())
                            .append(' ')
                            .append(each.qos().value()));
            text = words.toString();
        }

        @Override
        public void onUnsubscribe(Unsubscribe unsubscribe) {
            StringBuilder words = new StringBuilder().append(unsubscribe.packetId());
            unsubscribe.filters().forEach(each -> words.append(' ').append(each));
            text = words.toString();
        }

        @Override
        public void onPingreq() {
            text = "PINGREQ";
        }

        @Override
        public void onDisconnect() {
            text = "DISCONNECT";
        }
    }
}
