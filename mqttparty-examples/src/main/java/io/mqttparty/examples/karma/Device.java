package io.mqttparty.examples.karma;

import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.eclipse.paho.client.mqttv3.IMqttActionListener;
import org.eclipse.paho.client.mqttv3.IMqttDeliveryToken;
import org.eclipse.paho.client.mqttv3.IMqttToken;
import org.eclipse.paho.client.mqttv3.MqttAsyncClient;
import org.eclipse.paho.client.mqttv3.MqttCallback;
import org.eclipse.paho.client.mqttv3.MqttConnectOptions;
import org.eclipse.paho.client.mqttv3.MqttException;
import org.eclipse.paho.client.mqttv3.MqttMessage;
import org.eclipse.paho.client.mqttv3.persist.MemoryPersistence;
import org.jspecify.annotations.Nullable;

/**
 * A hotspot, on the Paho client: reports heartbeats at QoS 1 and sends again what was not acknowledged, asks whether a user may use it, and does what
 * it is told. When its connection ends it makes another one.
 */
final class Device implements MqttCallback, AutoCloseable {
    /** So many heartbeats wait for their acknowledgement at most; then no new ones are made. */
    private static final int MOST_OPEN = 20;

    private static final int QOS = 1;
    private static final int KEEP_ALIVE_SECONDS = 15;
    private static final int LEAST_PAUSE_MILLIS = 200;
    private static final int MOST_PAUSE_MILLIS = 1_000;
    private static final String[] USERS = {"alice", "bob", "mallory"};

    private final String broker;
    private final String id;
    private final ScheduledExecutorService clock;
    private final FleetCounts counts;
    private final Random random;
    // guarded by this
    private final Map<Integer, Long> open = new TreeMap<>();
    private final BitSet acknowledged = new BitSet();
    private @Nullable MqttAsyncClient client;
    private int heartbeats;
    private long askedNanos;
    private boolean closed;

    /**
     * Not connected yet.
     *
     * @param broker as Paho names it, {@code tcp://127.0.0.1:1883}
     */
    Device(String broker, String id, ScheduledExecutorService clock, FleetCounts counts) {
        this.broker = broker;
        this.id = id;
        this.clock = clock;
        this.counts = counts;
        this.random = new Random(id.hashCode());
    }

    String id() {
        return id;
    }

    /** The numbers of heartbeats whose PUBACK came. */
    synchronized BitSet acknowledged() {
        return (BitSet) acknowledged.clone();
    }

    /** Whether nothing waits for its acknowledgement. */
    synchronized boolean isSettled() {
        return open.isEmpty();
    }

    // ---- connecting ----

    /** Connects, and goes on trying. */
    void connect() {
        try {
            MqttAsyncClient next = new MqttAsyncClient(broker, id, new MemoryPersistence());
            synchronized (this) {
                if (closed) {
                    return;
                }
                client = next;
            }
            MqttConnectOptions options = new MqttConnectOptions();
            options.setCleanSession(false);
            options.setKeepAliveInterval(KEEP_ALIVE_SECONDS);
            options.setMaxInflight(2 * MOST_OPEN);
            options.setSocketFactory(new PromptSockets());
            next.setCallback(this);
            next.connect(options, null, then(this::onConnected, () -> connectLater(next)));
        } catch (MqttException e) {
            connectLater(null);
        }
    }

    /** What was open goes again, in its order: the device does not know whether it arrived. */
    private synchronized void onConnected() {
        counts.connected.incrementAndGet();
        open.keySet().forEach(this::publish);
    }

    @Override
    public void connectionLost(Throwable cause) {
        MqttAsyncClient lost;
        synchronized (this) {
            lost = client;
            client = null;
        }
        counts.connected.decrementAndGet();
        counts.reconnects.incrementAndGet();
        connectLater(lost);
    }

    private void connectLater(@Nullable MqttAsyncClient old) {
        try {
            var unused = clock.schedule(
                    () -> {
                        close(old);
                        connect();
                    },
                    LEAST_PAUSE_MILLIS + random.nextInt(MOST_PAUSE_MILLIS - LEAST_PAUSE_MILLIS),
                    TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            close(old); // the fleet ends
        }
    }

    private static void close(@Nullable MqttAsyncClient old) {
        try {
            if (old != null) {
                old.close(true);
            }
        } catch (MqttException e) {
            // it was closed already
        }
    }

    // ---- what it says ----

    /** Makes the next heartbeat, unless too many wait. */
    synchronized void beat() {
        if (closed || client == null || !client.isConnected() || open.size() >= MOST_OPEN) {
            return;
        }
        int number = ++heartbeats;
        open.put(number, System.nanoTime());
        publish(number);
    }

    private void publish(int number) {
        Heartbeat heartbeat = new Heartbeat(number, System.currentTimeMillis(), 20 + number % 80, number % 8);
        send("karma/" + id + "/heartbeat", heartbeat.encode(), () -> onAcknowledged(number));
    }

    private void onAcknowledged(int number) {
        Long since;
        synchronized (this) {
            acknowledged.set(number);
            since = open.remove(number);
        }
        if (since != null) {
            counts.acknowledged.incrementAndGet();
            counts.pubacks.add(System.nanoTime() - since);
        }
    }

    /** Asks the backend whether a user is allowed; the answer comes as a message. */
    synchronized void ask() {
        if (client != null && client.isConnected()) {
            askedNanos = System.nanoTime();
            String user = USERS[random.nextInt(USERS.length)];
            send("karma/" + id + "/login", user.getBytes(StandardCharsets.UTF_8), () -> {});
        }
    }

    private void send(String topic, byte[] payload, Runnable onAcknowledged) {
        MqttAsyncClient now;
        synchronized (this) {
            now = client;
        }
        try {
            if (now != null) {
                now.publish(topic, payload, QOS, false, null, then(onAcknowledged, () -> {}));
            }
        } catch (MqttException e) {
            // it goes again when there is a connection
        }
    }

    // ---- what it is told ----

    /** {@code devices/<id>/requests/<correlation>} is answered on {@code devices/<id>/replies/<correlation>}. */
    @Override
    public void messageArrived(String topic, MqttMessage message) {
        String request = "devices/" + id + "/requests/";
        if (topic.startsWith(request)) {
            counts.commands.incrementAndGet();
            String command = new String(message.getPayload(), StandardCharsets.UTF_8);
            send(
                    "devices/" + id + "/replies/" + topic.substring(request.length()),
                    ("done " + command).getBytes(StandardCharsets.UTF_8),
                    () -> {});
        } else if (topic.equals("karma/" + id + "/login/answer")) {
            counts.answers.incrementAndGet();
            synchronized (this) {
                counts.logins.add(System.nanoTime() - askedNanos);
            }
        }
    }

    @Override
    public void deliveryComplete(IMqttDeliveryToken token) {}

    private static IMqttActionListener then(Runnable onSuccess, Runnable onFailure) {
        return new IMqttActionListener() {
            @Override
            public void onSuccess(IMqttToken token) {
                onSuccess.run();
            }

            @Override
            public void onFailure(IMqttToken token, Throwable cause) {
                onFailure.run();
            }
        };
    }

    /** Leaves without a word, as when it is switched off. */
    @Override
    public void close() {
        MqttAsyncClient last;
        synchronized (this) {
            closed = true;
            last = client;
            client = null;
        }
        try {
            if (last != null) {
                last.disconnectForcibly(0, 100, false);
                last.close(true);
            }
        } catch (MqttException e) {
            // it was not connected
        }
    }
}
