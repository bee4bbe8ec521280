package io.mqttparty.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mqttparty.http.DownlinkScene.Answer;
import io.mqttparty.http.spi.DownlinkCounter;
import io.mqttparty.http.spi.DownlinkRequest;
import io.mqttparty.http.spi.DownlinkResponse;
import io.mqttparty.model.ClientId;
import io.mqttparty.model.Payload;
import io.mqttparty.spi.Presence;
import io.mqttparty.testkit.ServerPacket;
import io.mqttparty.testkit.TestClient;
import io.mqttparty.testkit.cluster.CallControl;
import java.time.Duration;
import java.util.AbstractMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The endpoints on one node. */
class DownlinkHandlerTest {
    @AutoClose
    private final DownlinkScene scene = new DownlinkScene(1);

    private TestClient client(boolean persistent) {
        return persistent ? scene.node(0).persistent("c") : scene.node(0).client("c");
    }

    private void offline() {
        client(true).disconnect().expectClosed();
    }

    // ---- messages ----

    @ParameterizedTest
    @CsvSource({"false,0", "false,1", "false,2", "true,0", "true,1", "true,2"})
    void message_clientIsConnected_isDelivered(boolean persistent, int qos) {
        TestClient client = client(persistent);

        scene.now("POST", "/v1/clients/c/messages?topic=a/b&qos=" + qos, "hello")
                .has(200)
                .says("result", "delivered");

        client.expectPublish("a/b", "hello", qos);
    }

    @Test
    void message_binaryPayload_isTheSame() {
        TestClient client = client(false);
        byte[] all = new byte[256];
        for (int i = 0; i < all.length; i++) {
            all[i] = (byte) i;
        }

        scene.cluster()
                .now(scene.handler(0)
                        .handle(DownlinkRequest.of(
                                "POST", "/v1/clients/c/messages?topic=t&qos=0", Map.of(), Payload.copyOf(all))));

        assertThat(client.expect(ServerPacket.Publish.class).payload().toByteArray())
                .isEqualTo(all);
    }

    @Test
    void message_clientIsUnknown_404() {
        scene.now("POST", "/v1/clients/nobody/messages?topic=t").isProblem(404, "unknown-client");
    }

    @Test
    void message_clientIsOffline_queuedOrRefused() {
        offline();

        scene.now("POST", "/v1/clients/c/messages?topic=t&offline=fail", "no").isProblem(409, "offline");
        scene.now("POST", "/v1/clients/c/messages?topic=t&qos=0", "no").isProblem(409, "offline");
        scene.now("POST", "/v1/clients/c/messages?topic=t", "one").has(202).says("result", "queued");
        scene.now("POST", "/v1/clients/c/messages?topic=t&wait=puback", "two").has(202);

        TestClient client = scene.node(0).resumed("c");
        client.expectPublish("t", "one", 1);
        client.expectPublish("t", "two", 1);
        client.expectNothing();
    }

    @Test
    void message_ttlIsOver_isNotDelivered() {
        offline();
        scene.now("POST", "/v1/clients/c/messages?topic=t&ttl=1.5", "old").has(202);
        scene.now("POST", "/v1/clients/c/messages?topic=t&ttl=60", "new").has(202);

        scene.advance(Duration.ofSeconds(2));

        TestClient client = scene.node(0).resumed("c");
        client.expectPublish("t", "new", 1);
        client.expectNothing();
    }

    @Test
    void message_waitsForPuback_answersWithIt() {
        TestClient client = client(true);
        CompletableFuture<DownlinkResponse> answer =
                scene.begin(0, "POST", "/v1/clients/c/messages?topic=t&wait=puback", "m");
        int packetId = client.expectPublish("t", "m", 1).packetId();
        assertThat(answer).isNotDone();

        client.puback(packetId);

        new Answer(answer.join()).has(200).says("result", "delivered");
    }

    @ParameterizedTest
    @CsvSource({"true,true", "false,false"})
    void message_noPubackInTime_504SaysWhetherQueued(boolean persistent, boolean queued) {
        client(persistent);
        CompletableFuture<DownlinkResponse> answer =
                scene.begin(0, "POST", "/v1/clients/c/messages?topic=t&wait=puback&timeout=2", "m");

        scene.advance(Duration.ofMillis(1_999));
        assertThat(answer).isNotDone();
        scene.advance(Duration.ofMillis(2));

        new Answer(answer.join()).isProblem(504, "no-answer").says("queued", queued);
    }

    @Test
    void message_connectionEndsBeforePuback_504AndQueued() {
        TestClient client = client(true);
        CompletableFuture<DownlinkResponse> answer =
                scene.begin(0, "POST", "/v1/clients/c/messages?topic=t&wait=puback", "m");
        client.expectPublish("t", "m", 1);

        client.disconnect().expectClosed();

        new Answer(answer.join()).isProblem(504, "connection-ended").says("queued", true);
        scene.node(0).resumed("c").expectPublish("t", "m", 1);
    }

    // ---- requests ----

    @Test
    void request_withNothingButTheClient_deviceFindsWhereToAnswer() {
        TestClient client = client(false);
        CompletableFuture<DownlinkResponse> answer = scene.begin(0, "POST", "/v1/clients/c/requests", "?");
        ServerPacket.Publish asked = client.expect(ServerPacket.Publish.class);
        assertThat(asked.topic()).matches("devices/c/requests/[A-Za-z0-9_-]{16}");
        assertThat(asked.text()).isEqualTo("?");
        assertThat(asked.qos()).isEqualTo(1);

        client.published(asked.topic().replace("/requests/", "/replies/"), "yes", 1);

        new Answer(answer.join()).has(200);
        assertThat(answer.join().body()).isEqualTo(Payload.utf8("yes"));
        assertThat(answer.join().headers()).containsEntry("content-type", "application/octet-stream");
    }

    @Test
    void request_twoAtOnce_eachGetsItsOwnReply() {
        TestClient client = client(true);
        CompletableFuture<DownlinkResponse> first = scene.begin(0, "POST", "/v1/clients/c/requests", "1");
        CompletableFuture<DownlinkResponse> second = scene.begin(0, "POST", "/v1/clients/c/requests", "2");
        String topicOfFirst = client.expect(ServerPacket.Publish.class).topic();
        String topicOfSecond = client.expect(ServerPacket.Publish.class).topic();

        client.published(topicOfSecond.replace("/requests/", "/replies/"), "two", 0);
        assertThat(first).isNotDone();
        assertThat(second.join().body()).isEqualTo(Payload.utf8("two"));
        client.published(topicOfFirst.replace("/requests/", "/replies/"), "one", 2);

        assertThat(first.join().body()).isEqualTo(Payload.utf8("one"));
    }

    @Test
    void request_replyComesTooLate_isNotTakenForAnother() {
        TestClient client = client(true);
        CompletableFuture<DownlinkResponse> late = scene.begin(0, "POST", "/v1/clients/c/requests?timeout=1", "1");
        String topic = client.expect(ServerPacket.Publish.class).topic();
        scene.advance(Duration.ofSeconds(1));
        new Answer(late.join()).isProblem(504, "no-answer");
        CompletableFuture<DownlinkResponse> next = scene.begin(0, "POST", "/v1/clients/c/requests", "2");

        client.published(topic.replace("/requests/", "/replies/"), "late", 1);

        assertThat(next).isNotDone();
        next.cancel(false);
    }

    @Test
    void request_replyOfAnotherClient_isNone() {
        TestClient client = client(true);
        TestClient other = scene.node(0).client("other");
        CompletableFuture<DownlinkResponse> answer = scene.begin(
                0, "POST", "/v1/clients/c/requests?topic=q/%7Bcorrelation%7D&replyTopic=r/{correlation}", "1");
        String reply = client.expect(ServerPacket.Publish.class).topic().replace("q/", "r/");

        other.published(reply, "forged", 1);
        assertThat(answer).isNotDone();
        client.published(reply, "own", 1);

        assertThat(answer.join().body()).isEqualTo(Payload.utf8("own"));
    }

    @Test
    void request_topicsOfTheCaller_placeholdersAreFilled() {
        TestClient client = client(true);
        CompletableFuture<DownlinkResponse> answer = scene.begin(
                0,
                "POST",
                "/v1/clients/c/requests?topic={correlation}/for/{clientId}&replyTopic=from/{clientId}/{correlation}",
                "");
        String topic = client.expect(ServerPacket.Publish.class).topic();
        assertThat(topic).endsWith("/for/c");

        client.published("from/c/" + topic.substring(0, topic.indexOf('/')), "x", 1);

        assertThat(answer.join().status()).isEqualTo(200);
    }

    @Test // for devices that know one topic: one request at a time
    void request_fixedReplyTopic_secondIsRefused() {
        TestClient client = client(true);
        CompletableFuture<DownlinkResponse> first =
                scene.begin(0, "POST", "/v1/clients/c/requests?topic=ask&replyTopic=stat", "1");

        scene.now("POST", "/v1/clients/c/requests?topic=ask&replyTopic=stat").isProblem(409, "reply-topic-in-use");
        client.expectPublish("ask", "1", 1);
        client.expectNothing();
        client.published("stat", "on", 1);

        assertThat(first.join().body()).isEqualTo(Payload.utf8("on"));
    }

    @Test
    void request_correlationThatTheDeviceCannotKnow_400() {
        client(true);

        scene.now("POST", "/v1/clients/c/requests?topic=ask&replyTopic=r/{correlation}")
                .isProblem(400, "bad-request")
                .details("{correlation}");
    }

    @Test
    void request_clientIsUnknownOrOffline_saysSo() {
        scene.now("POST", "/v1/clients/nobody/requests").isProblem(404, "unknown-client");
        offline();
        scene.now("POST", "/v1/clients/c/requests").isProblem(409, "offline");
        scene.node(0).resumed("c").expectNothing();
    }

    @Test
    void request_deviceNeverAnswers_504() {
        client(true);
        CompletableFuture<DownlinkResponse> answer = scene.begin(0, "POST", "/v1/clients/c/requests", "");

        scene.advance(Duration.ofSeconds(10));

        new Answer(answer.join()).isProblem(504, "no-answer").says("queued", false);
    }

    @Test // the request is open no longer: a fixed reply topic is free again
    void request_callerHasGone_isForgotten() {
        client(true);
        CompletableFuture<DownlinkResponse> answer =
                scene.begin(0, "POST", "/v1/clients/c/requests?topic=ask&replyTopic=stat", "");
        assertThat(scene.handler(0).openRequests()).isEqualTo(1);

        answer.cancel(false);

        assertThat(scene.handler(0).openRequests()).isZero();
        assertThat(scene.count(DownlinkCounter.CALLERS_GONE)).isEqualTo(1);
        CompletableFuture<DownlinkResponse> next =
                scene.begin(0, "POST", "/v1/clients/c/requests?topic=ask&replyTopic=stat", "");
        assertThat(next).isNotDone();
        next.cancel(false);
    }

    @ParameterizedTest // a client id may look like a filter, which is no topic
    @ValueSource(strings = {"a+b", "%23"})
    void request_clientIdThatIsNoTopic_400(String id) {
        scene.now("POST", "/v1/clients/" + id + "/requests").isProblem(400, "bad-request");
    }

    // ---- publish ----

    @Test
    void publish_toSubscribers_isDelivered() {
        TestClient subscriber = client(true).subscribed("news/#", 1);

        scene.now("POST", "/v1/messages?topic=news/today", "hello")
                .has(200)
                .says("result", "delivered")
                .says("delivered", 1L)
                .says("queued", 0L);

        subscriber.expectPublish("news/today", "hello", 1);
    }

    @Test
    void publish_subscriberIsOffline_isQueued() {
        client(true).subscribed("news", 1).disconnect().expectClosed();

        scene.now("POST", "/v1/messages?topic=news", "hello").has(202).says("queued", 1L);
    }

    @Test
    void publish_nobodyIsSubscribed_saysSo() {
        scene.now("POST", "/v1/messages?topic=news&qos=0").has(200).says("result", "no-subscriber");
    }

    @Test
    void publish_retained_isKept() {
        scene.now("POST", "/v1/messages?topic=news&retain=true", "kept").has(200);

        assertThat(client(false)
                        .subscribed("news", 1)
                        .expectPublish("news", "kept")
                        .retain())
                .isTrue();
    }

    // ---- clients ----

    @Test
    void client_isKnown_isShown() {
        client(true);

        scene.now("GET", "/v1/clients/c")
                .has(200)
                .says("clientId", "c")
                .says("connected", true)
                .says("persistent", true)
                .says("node", scene.node(0).id().value());
    }

    @Test
    void client_isOffline_hasNoNode() {
        offline();

        Map<String, Object> shown = scene.now("GET", "/v1/clients/c")
                .has(200)
                .says("connected", false)
                .json();
        assertThat(shown).doesNotContainKey("node").containsKey("since");
    }

    @Test
    void client_isUnknown_404() {
        scene.now("GET", "/v1/clients/c").isProblem(404, "unknown-client");
        scene.now("DELETE", "/v1/clients/c").isProblem(404, "unknown-client");
    }

    @Test
    void client_isDisconnected_isClosed() {
        TestClient client = client(true);

        scene.now("DELETE", "/v1/clients/c").has(200).says("result", "disconnected");
        client.expectClosed();
        scene.now("DELETE", "/v1/clients/c").has(200).says("result", "not-connected");
    }

    @Test
    void clients_page_onlyAsManyAndTheNext() {
        for (int i = 0; i < 5; i++) {
            scene.node(0).client("c" + i);
        }

        Map<String, Object> first =
                scene.now("GET", "/v1/clients?max=2").has(200).json();
        Map<String, Object> second =
                scene.now("GET", "/v1/clients?max=2&after=" + first.get("next")).json();
        Map<String, Object> third = scene.now("GET", "/v1/clients?max=2&after=" + second.get("next"))
                .json();

        assertThat(List.of(first, second, third))
                .flatMap(page -> (List<?>) page.get("clients"))
                .map(client -> Json.object(client).get("clientId"))
                .containsExactly("c0", "c1", "c2", "c3", "c4");
        assertThat(third).doesNotContainKey("next");
    }

    // ---- hostile input ----

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", // no topic
                "topic=",
                "topic",
                "topic=a/%2B/b",
                "topic=a+b",
                "topic=%23",
                "topic=a%00b",
                "topic=%FF",
                "topic=%C3",
                "topic=%ED%A0%80",
                "topic=%zz",
                "topic=a%2",
                "topic=t&topic=t",
                "topic=t&qos=1&qos=1",
                "topic=t&qos=3",
                "topic=t&qos=%201",
                "topic=t&qos=",
                "topic=t&ttl=0",
                "topic=t&ttl=-1",
                "topic=t&ttl=1e9",
                "topic=t&ttl=9999999999",
                "topic=t&ttl=99999999",
                "topic=t&ttl=1.2345",
                "topic=t&offline=maybe",
                "topic=t&wait=pubrec",
                "topic=t&wait=puback&timeout=0",
                "topic=t&wait=puback&timeout=61",
                "topic=t&timeout=5",
                "topic=t&qos=0&wait=puback",
                "topic=t&qos=0&offline=queue",
                "topic=t&retain=true",
                "topic=t&",
                "&topic=t",
                "topic=t&nope=1",
                "TOPIC=t",
                "topic=t&%FF=1",
                "topic=1/2/3/4/5/6/7/8/9/10/11/12"
            })
    void parameters_thatAreWrong_400(String query) {
        TestClient client = client(true);

        scene.now("POST", "/v1/clients/c/messages?" + query, "x").isProblem(400, "bad-request");

        client.expectNothing();
    }

    @Test
    void topic_longerThanTheBrokerTakes_400() {
        client(true);

        scene.now("POST", "/v1/clients/c/messages?topic=" + "t".repeat(101))
                .isProblem(400, "bad-request")
                .details("101 bytes");
        scene.now("POST", "/v1/messages?topic=" + "t".repeat(70_000)).isProblem(400, "bad-request");
    }

    @Test
    void parameter_nobodyKnows_detailNamesThoseOfThePath() {
        scene.now("GET", "/v1/clients?limit=5").isProblem(400, "bad-request").details("after, max");
    }

    @ParameterizedTest
    @ValueSource(strings = {"%FF", "%00", "%C3", "%zz", "a%", "a%ED%A0%80"})
    void clientId_notDecodable_400(String id) {
        scene.now("GET", "/v1/clients/" + id).isProblem(400, "bad-request");
    }

    @Test
    void clientId_longerThanTheBrokerTakes_400() {
        scene.now("GET", "/v1/clients/" + "c".repeat(257)).isProblem(400, "bad-request");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a%0D%0ASet-Cookie%3A%20x",
                "a%22%2C%22admin%22%3Atrue",
                "%E2%80%A8",
                "a%2F..%2Fb",
                "%7B%7D",
                "%F0%9F%98%80"
            })
    void clientId_thatCouldBreakOut_staysInItsPlace(String id) {
        Answer answer = scene.now("GET", "/v1/clients/" + id).isProblem(404, "unknown-client");

        assertThat(answer.json()).containsOnlyKeys("type", "title", "status", "detail");
        assertThat(answer.response().headers())
                .containsOnlyKeys("content-type", "cache-control", "x-content-type-options");
    }

    @Test
    void clientId_withASlash_isOneClient() {
        TestClient client = scene.node(0).client("a/messages");

        scene.now("POST", "/v1/clients/a%2Fmessages/messages?topic=t", "x").has(200);

        client.expectPublish("t", "x", 1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "",
                "/v1",
                "/v1/",
                "/v2/clients",
                "/v1/clients/",
                "/v1/clients//messages",
                "/v1/clients/c/",
                "/metrics",
                "/v1/clients/c/messages/",
                "/v1/clients/c/other",
                "//v1/messages",
                "/livez/",
                "/V1/clients",
                "/v1/%63lients"
            })
    void path_nobodyKnows_404(String path) {
        scene.now("GET", path).isProblem(404, "not-found");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "PUT | /v1/clients/c | DELETE, GET, HEAD",
                "GET | /v1/messages?topic=t | POST",
                "GET | /v1/clients/c/requests | POST",
                "POST | /v1/clients | GET, HEAD",
                "post | /v1/messages?topic=t | POST",
                "POST | /livez | GET, HEAD",
                "HEAD | /v1/messages?topic=t | POST"
            })
    void method_thatThePathHasNot_405(String method, String target, String allowed) {
        assertThat(scene.now(method, target)
                        .isProblem(405, "method-not-allowed")
                        .response()
                        .headers())
                .containsEntry("allow", allowed);
    }

    @Test
    void body_beyondTheLimit_413() {
        client(true);

        scene.now("POST", "/v1/clients/c/messages?topic=t", "x".repeat(256 * 1024))
                .has(200);
        scene.now("POST", "/v1/clients/c/messages?topic=t", "x".repeat(256 * 1024 + 1))
                .isProblem(413, "body-too-large");
        scene.now("GET", "/v1/clients/c", "x").isProblem(413, "body-too-large");
        assertThat(scene.count(DownlinkCounter.BODIES_TOO_LARGE)).isEqualTo(2);
    }

    // ---- the node ----

    @Test
    void health_ofANodeThatServes_200() {
        assertThat(scene.now("GET", "/livez").has(200).body()).isEqualTo("ok\n");
        assertThat(scene.now("GET", "/readyz").has(200).body()).isEqualTo("ready\n");
    }

    @Test // it lives, but clients should go elsewhere
    void health_ofANodeThatIsNoMember_livesButIsNotReady() {
        scene.node(0).backend().calls("join").holdRequests();
        scene.node(0).fence();

        scene.now("GET", "/livez").has(200);
        scene.now("GET", "/readyz").isProblem(503, "unavailable");

        scene.node(0).backend().calls("join").release();
        scene.advance(Duration.ofSeconds(5));
        scene.now("GET", "/readyz").has(200);
    }

    @Test
    void backend_doesNotAnswer_503WithRetryAfter() {
        client(true);
        scene.node(0).backend().calls("locate").holdRequests();
        CompletableFuture<DownlinkResponse> answer = scene.begin(0, "POST", "/v1/clients/c/messages?topic=t", "");

        scene.advance(Duration.ofSeconds(5));

        Answer late = new Answer(answer.join()).isProblem(503, "unavailable");
        assertThat(late.response().headers()).containsEntry("retry-after", "1");
        assertThat(late.body()).doesNotContain("presence");
    }

    /** What no presence should say. */
    private static final class Broken extends AbstractMap<ClientId, Presence.Entry> {
        @Override
        public Set<Entry<ClientId, Presence.Entry>> entrySet() {
            throw new IllegalStateException("a secret of the log");
        }
    }

    @Test
    void failure_thatNobodyHasForeseen_500AndCounted() {
        client(true);
        CallControl locate = scene.node(0).backend().calls("locate");
        locate.changeAnswers(found -> new Broken());

        Answer answer = scene.now("GET", "/v1/clients/c").isProblem(500, "internal-error");

        assertThat(answer.body()).doesNotContain("secret");
        assertThat(answer.response().headers()).doesNotContainKey("retry-after");
        assertThat(scene.count(DownlinkCounter.INTERNAL_ERRORS)).isEqualTo(1);
        locate.changeAnswers(found -> found);
        scene.now("GET", "/v1/clients/c").has(200);
        assertThat(scene.count(DownlinkCounter.INTERNAL_ERRORS)).isEqualTo(1);
    }

    @Test
    void handler_beforeTheBrokerStarted_503() {
        DownlinkHandler handler =
                DownlinkHandler.builder().allowUnauthenticated().build();

        DownlinkResponse response = handler.handle(DownlinkRequest.of("GET", "/readyz", Map.of(), Payload.EMPTY))
                .toCompletableFuture()
                .join();

        new Answer(response).isProblem(503, "unavailable");
    }

    @Test
    void broker_stopsWhileACallerWaits_503AndNothingNew() {
        client(true);
        CompletableFuture<DownlinkResponse> answer = scene.begin(0, "POST", "/v1/clients/c/requests", "");

        var stopped = scene.node(0).broker().stop();
        scene.now("POST", "/v1/messages?topic=t").isProblem(503, "unavailable");
        scene.now("GET", "/readyz").isProblem(503, "unavailable");
        scene.advance(Duration.ofSeconds(6));

        assertThat(stopped.toCompletableFuture()).isCompleted();
        new Answer(answer.join()).isProblem(503, "unavailable");
    }

    @Test
    void requests_beyondTheLimit_429AndCounted() {
        try (DownlinkScene narrow = new DownlinkScene(
                1, () -> DownlinkHandler.builder().allowUnauthenticated().openRequests(2))) {
            narrow.node(0).client("c");
            CompletableFuture<DownlinkResponse> first = narrow.begin(0, "POST", "/v1/clients/c/requests", "");
            CompletableFuture<DownlinkResponse> second = narrow.begin(0, "POST", "/v1/clients/c/requests", "");

            Answer third = narrow.now("GET", "/v1/clients/c").isProblem(429, "too-many-requests");
            assertThat(third.response().headers()).containsEntry("retry-after", "1");
            assertThat(narrow.count(DownlinkCounter.REQUESTS_REFUSED)).isEqualTo(1);
            narrow.now("GET", "/livez").has(200);
            first.cancel(false);
            narrow.now("GET", "/v1/clients/c").has(200);
            second.cancel(false);
        }
    }

    @Test
    void longestTimeout_isTheMostThatARequestMayAskFor() {
        try (DownlinkScene patient = new DownlinkScene(
                1, () -> DownlinkHandler.builder().allowUnauthenticated().longestTimeout(Duration.ofSeconds(90)))) {
            TestClient client = patient.node(0).client("c");
            for (String path : List.of("requests?", "messages?topic=t&wait=puback&")) {
                patient.now("POST", "/v1/clients/c/" + path + "timeout=90.001")
                        .isProblem(400, "bad-request")
                        .details("timeout: 90.001");
            }
            client.expectNothing();

            CompletableFuture<DownlinkResponse> answer =
                    patient.begin(0, "POST", "/v1/clients/c/requests?timeout=90", "?");
            client.expect(ServerPacket.Publish.class);
            for (int i = 0; i < 3; i++) {
                patient.advance(Duration.ofMillis(29_999));
                client.pingreq().expectPingresp();
            }
            assertThat(answer).isNotDone();
            patient.advance(Duration.ofMillis(4));

            new Answer(answer.join()).isProblem(504, "no-answer");
        }
    }

    // ---- the description ----

    @Test
    void builder_nobodySaysWhoIsServed_refuses() {
        assertThatThrownBy(() -> DownlinkHandler.builder().build())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("allowUnauthenticated");
        assertThatThrownBy(() -> DownlinkHandler.builder()
                        .token("t")
                        .allowUnauthenticated()
                        .build())
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void builder_wrongValues_areRefusedAtOnce() {
        DownlinkHandler.Builder builder = DownlinkHandler.builder();

        assertThatThrownBy(() -> builder.token("with space")).hasMessageNotContaining("with space");
        assertThatThrownBy(() -> builder.token("")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> builder.bodyBytes(0)).hasMessageContaining("bodyBytes: 0");
        assertThatThrownBy(() -> builder.openRequests(0)).hasMessageContaining("openRequests: 0");
        assertThatThrownBy(() -> builder.timeout(Duration.ZERO)).hasMessageContaining("timeout: PT0S");
        assertThatThrownBy(() -> builder.requestTopics("a", "b")).hasMessageContaining("{correlation}");
        for (String wrong : List.of("a/b", "#/{correlation}", "{clientid}/{correlation}", "a/{correlation}}")) {
            assertThatThrownBy(() -> DownlinkHandler.builder().requestTopics("q/{correlation}", wrong))
                    .as(wrong)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("requestTopics: " + wrong + " (expected: ");
        }
        builder.bodyBytes(1);
        assertThatThrownBy(() -> builder.bodyBytes(2)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void builder_timeoutBeyondTheLongest_refuses() {
        assertThatThrownBy(() -> DownlinkHandler.builder()
                        .allowUnauthenticated()
                        .timeout(Duration.ofSeconds(61))
                        .build())
                .hasMessageContaining("longestTimeout");
    }
}
