package io.mqttparty.internal.codec;

import io.mqttparty.internal.packet.Connect;
import io.mqttparty.internal.packet.Disconnect;
import io.mqttparty.internal.packet.Packet;
import io.mqttparty.internal.packet.Pingreq;
import io.mqttparty.internal.packet.Puback;
import io.mqttparty.internal.packet.Pubcomp;
import io.mqttparty.internal.packet.Publish;
import io.mqttparty.internal.packet.Pubrec;
import io.mqttparty.internal.packet.Pubrel;
import io.mqttparty.internal.packet.Subscribe;
import io.mqttparty.internal.packet.Unsubscribe;
import io.mqttparty.model.Message;
import io.mqttparty.model.Payload;
import io.mqttparty.model.ProtocolVersion;
import io.mqttparty.model.QoS;
import io.mqttparty.model.Subscription;
import io.mqttparty.model.TopicFilter;
import io.mqttparty.model.TopicName;
import io.mqttparty.model.Will;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Legal packets of a client, drawn at random. {@code -Dmqttparty.seed=} repeats a run. */
final class PacketGenerator {
    private static final String[] LEVELS = {"a", "sensor", "", "ü", "\uFEFF", "\uD83D\uDE00", "温度", "$SYS", " ", "x\ty"
    };
    private static final String[] WILDCARDS = {"+", "#", "a/+/b", "a/#", "+/#", "$share/group/a/+", "/", "+/+"};

    private final Random random;

    PacketGenerator(long seed) {
        this.random = new Random(seed);
    }

    static long seed() {
        long seed = Long.getLong("mqttparty.seed", System.nanoTime());
        System.out.println("-Dmqttparty.seed=" + seed);
        return seed;
    }

    Random random() {
        return random;
    }

    Packet next() {
        return switch (random.nextInt(11)) {
            case 0 -> connect();
            case 1 -> new Puback(packetId());
            case 2 -> new Pubrec(packetId());
            case 3 -> new Pubrel(packetId());
            case 4 -> new Pubcomp(packetId());
            case 5 -> new Subscribe(packetId(), several(() -> new Subscription(filter(), qos())));
            case 6 -> new Unsubscribe(packetId(), several(this::filter));
            case 7 -> new Pingreq();
            case 8 -> new Disconnect();
            default -> publish();
        };
    }

    private Connect connect() {
        Optional<Will> will = maybe(() -> new Will(message()));
        Optional<String> username = maybe(this::text);
        Optional<Payload> password = username.isPresent() ? maybe(this::payload) : Optional.empty();
        ProtocolVersion version = ProtocolVersion.values()[random.nextInt(2)];
        return new Connect(version, text(), random.nextBoolean(), random.nextInt(65_536), will, username, password);
    }

    private Publish publish() {
        Message message = message();
        boolean acknowledged = message.qos() != QoS.AT_MOST_ONCE;
        return new Publish(message, acknowledged ? packetId() : 0, acknowledged && random.nextBoolean());
    }

    private Message message() {
        return new Message(topic(), payload(), qos(), random.nextBoolean());
    }

    private TopicName topic() {
        String topic = text();
        return TopicName.of(topic.isEmpty() ? "/" : topic);
    }

    private TopicFilter filter() {
        return random.nextBoolean()
                ? TopicFilter.of(WILDCARDS[random.nextInt(WILDCARDS.length)])
                : TopicFilter.of("f/" + text());
    }

    private String text() {
        StringBuilder text = new StringBuilder();
        for (int levels = random.nextInt(5); levels > 0; levels--) {
            text.append(LEVELS[random.nextInt(LEVELS.length)]).append(levels > 1 ? "/" : "");
        }
        return text.toString();
    }

    private Payload payload() {
        byte[] bytes = new byte[random.nextInt(random.nextInt(20) == 0 ? 20_000 : 40)];
        random.nextBytes(bytes);
        return Payload.copyOf(bytes);
    }

    private QoS qos() {
        return QoS.of(random.nextInt(3));
    }

    private int packetId() {
        return 1 + random.nextInt(65_535);
    }

    private <T> Optional<T> maybe(Supplier<T> supplier) {
        return random.nextBoolean() ? Optional.of(supplier.get()) : Optional.empty();
    }

    private <T> List<T> several(Supplier<T> supplier) {
        return Stream.generate(supplier).limit(1 + random.nextInt(4)).toList();
    }
}
