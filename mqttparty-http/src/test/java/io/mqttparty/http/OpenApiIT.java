package io.mqttparty.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttparty.http.spi.DownlinkAuthenticator;
import io.mqttparty.http.spi.DownlinkRequest;
import io.mqttparty.model.Payload;
import io.mqttparty.testkit.ServerPacket;
import io.mqttparty.testkit.TestClient;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/**
 * The OpenAPI file and the running server say the same: every status that the file declares is caused, every answer is one that it declares, with its
 * media type and the members that it requires, and every parameter that the server knows is in it.
 */
class OpenApiIT {
    private static final Pattern PARAMETERS = Pattern.compile("parameters of this path: ([^)]*)\\)");

    private final AtomicBoolean isBroken = new AtomicBoolean();
    private final DownlinkAuthenticator authenticator = head -> isBroken.get()
            ? CompletableFuture.failedFuture(new IllegalStateException("broken"))
            : CompletableFuture.completedFuture(
                    head.header("authorization").equals(List.of("Bearer " + ServedBroker.TOKEN)));

    @AutoClose
    private final ServedBroker served = ServedBroker.start(
            DownlinkHandler.builder().authenticator(authenticator).openRequests(2), server -> {}, parts -> {});

    private final Map<String, Object> document =
            Json.object(served.now("GET", "/openapi.json", "").body());
    private final Set<String> seen = new ConcurrentSkipListSet<>();

    // ---- the file ----

    private static Map<String, Object> in(Map<String, Object> object, String... names) {
        Map<String, Object> found = object;
        for (String name : names) {
            assertThat(found).containsKey(name);
            found = Json.object(found.get(name));
        }
        return found;
    }

    /** What a reference points to, or the thing itself. */
    private Map<String, Object> resolved(Map<String, Object> object) {
        Object reference = object.get("$ref");
        return reference == null
                ? object
                : in(document, reference.toString().substring(2).split("/"));
    }

    private Map<String, Object> operation(String method, String path) {
        return in(document, "paths", path, method.toLowerCase(Locale.ROOT));
    }

    private Stream<String> operations() {
        return in(document, "paths").entrySet().stream()
                .flatMap(path -> Json.object(path.getValue()).keySet().stream()
                        .filter(name -> !name.equals("parameters"))
                        .map(method -> method.toUpperCase(Locale.ROOT) + " " + path.getKey()));
    }

    private Set<String> declared() {
        return operations()
                .flatMap(operation -> {
                    String[] words = operation.split(" ");
                    return in(operation(words[0], words[1]), "responses").keySet().stream()
                            .filter(status -> !status.equals("default"))
                            .map(status -> operation + " " + status);
                })
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private Set<String> parameters(String method, String path) {
        Object declared = operation(method, path).get("parameters");
        return declared == null
                ? Set.of()
                : ((List<?>) declared)
                        .stream()
                                .map(each -> Json.object(each).get("name").toString())
                                .collect(Collectors.toSet());
    }

    // ---- the server ----

    /** Sends a request for a path of the file, and checks the answer against it. */
    private CompletableFuture<HttpResponse<String>> send(String method, String path, String id, String query) {
        return served.send(method, path.replace("{clientId}", id) + query, "")
                .whenComplete((response, failure) -> check(method, path, response));
    }

    private HttpResponse<String> now(String method, String path, String id, String query) {
        return send(method, path, id, query).orTimeout(60, TimeUnit.SECONDS).join();
    }

    private void check(String method, String path, HttpResponse<String> response) {
        String status = Integer.toString(response.statusCode());
        seen.add(method + " " + path + " " + status);
        Map<String, Object> responses = in(operation(method, path), "responses");
        assertThat(responses).as("%s %s", method, path).containsKey(status);
        Map<String, Object> declared = resolved(Json.object(responses.get(status)));
        assertThat(response.headers().map().keySet()).containsAll(headers(declared));
        if (method.equals("HEAD")) {
            assertThat(declared).doesNotContainKey("content");
            assertThat(response.body()).isEmpty();
            return;
        }
        String type = response.headers().firstValue("content-type").orElse("");
        assertThat(in(declared, "content")).containsOnlyKeys(type);
        Map<String, Object> schema = resolved(in(declared, "content", type, "schema"));
        if (type.endsWith("json") && schema.containsKey("properties")) {
            conforms(Json.object(response.body()), schema);
        }
    }

    private static Set<String> headers(Map<String, Object> declared) {
        return Json.object(declared.getOrDefault("headers", Map.of())).keySet().stream()
                .map(name -> name.toLowerCase(Locale.ROOT))
                .collect(Collectors.toSet());
    }

    private void conforms(Map<String, Object> value, Map<String, Object> schema) {
        Object required = schema.getOrDefault("required", List.of());
        assertThat(value.keySet())
                .containsAll(((List<?>) required).stream().map(Object::toString).toList());
        value.forEach((name, member) -> {
            Map<String, Object> declared = in(schema, "properties", name);
            Object type = declared.get("type");
            Class<?> expected = switch (String.valueOf(type)) {
                case "integer" -> Long.class;
                case "boolean" -> Boolean.class;
                case "array" -> List.class;
                default -> String.class;
            };
            assertThat(member).as(name).isInstanceOf(expected);
            if (declared.get("enum") instanceof List<?> values) {
                assertThat(values).anyMatch(member::equals);
            }
            if (member instanceof List<?> elements) {
                elements.forEach(each -> conforms(Json.object(each), resolved(in(declared, "items"))));
            }
        });
    }

    // ---- both ----

    @Test
    void file_isOpenApi31AndItsReferencesLeadSomewhere() {
        assertThat(document).containsEntry("openapi", "3.1.0").containsKeys("info", "paths", "components");
        List<Object> open = new ArrayList<>(List.of(document));
        AtomicInteger references = new AtomicInteger();
        while (!open.isEmpty()) {
            Object next = open.remove(open.size() - 1);
            if (next instanceof Map<?, ?> object) {
                if (object.containsKey("$ref")) {
                    resolved(Json.object(object));
                    references.incrementAndGet();
                }
                open.addAll(object.values());
            } else if (next instanceof List<?> list) {
                open.addAll(list);
            }
        }
        assertThat(references.get()).isGreaterThan(30);
        assertThat(operations()
                        .map(each -> operation(each.split(" ")[0], each.split(" ")[1])
                                .get("operationId")))
                .doesNotHaveDuplicates()
                .doesNotContainNull();
    }

    @Test
    void parameters_thatTheServerKnows_areThoseOfTheFile() {
        operations().filter(each -> !each.startsWith("HEAD ")).forEach(each -> {
            String[] words = each.split(" ");
            String detail = Json.object(
                            now(words[0], words[1], "c", "?noSuchParameter=1").body())
                    .get("detail")
                    .toString();
            Matcher known = PARAMETERS.matcher(detail);
            assertThat(known.find()).as(detail).isTrue();
            Set<String> names = Stream.of(known.group(1).split(", "))
                    .filter(name -> !name.isEmpty())
                    .collect(Collectors.toSet());
            assertThat(names).as(each).isEqualTo(parameters(words[0], words[1]));
        });
    }

    @Test
    void head_isThereWhereGetIs_withTheSameParametersAndStatuses() {
        in(document, "paths").forEach((path, item) -> {
            Map<String, Object> methods = Json.object(item);
            assertThat(methods.containsKey("head")).as(path).isEqualTo(methods.containsKey("get"));
            if (methods.containsKey("get")) {
                assertThat(parameters("HEAD", path)).isEqualTo(parameters("GET", path));
                assertThat(in(methods, "head", "responses"))
                        .containsOnlyKeys(in(methods, "get", "responses").keySet());
                assertThat(in(methods, "head").get("security"))
                        .isEqualTo(in(methods, "get").get("security"));
            }
        });
    }

    @Test
    void methods_thatTheFileDoesNotHave_405AndAllowHasThoseOfTheFile() {
        in(document, "paths").forEach((path, item) -> {
            Set<String> declared = new TreeSet<>(Json.object(item).keySet());
            declared.remove("parameters");
            for (String method : List.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "get")) {
                HttpResponse<String> response = served.now(method, path.replace("{clientId}", "c"), "");
                boolean has = declared.contains(method.toLowerCase(Locale.ROOT)) && !method.equals("get");
                assertThat(response.statusCode() == 405).as(method + " " + path).isEqualTo(!has);
                if (!has) {
                    assertThat(response.headers().firstValue("allow"))
                            .contains(String.join(", ", declared).toUpperCase(Locale.ROOT));
                    assertThat(headers(in(document, "components", "responses", "Other")))
                            .contains("allow");
                    if (!method.equals("HEAD")) {
                        conforms(Json.object(response.body()), in(document, "components", "schemas", "Problem"));
                    }
                }
            }
        });
    }

    @Test
    void everyStatus_thatTheFileDeclares_isCausedAndNoOther() {
        String one = "/v1/clients/{clientId}";
        String messages = "/v1/clients/{clientId}/messages";
        String requests = "/v1/clients/{clientId}/requests";

        badUnauthorizedAndUnavailable();
        tooMany();
        TestClient away = served.persistent("away").subscribed("news/away", 1);
        away.disconnect().expectClosed();
        TestClient here = served.persistent("here").subscribed("news/here", 1);

        for (String method : List.of("GET", "HEAD")) {
            now(method, "/v1/clients", "", "?after=&max=10");
            now(method, one, "here", "");
            now(method, one, "nobody", "");
            now(method, "/openapi.json", "", "");
            now(method, "/livez", "", "");
            now(method, "/readyz", "", "");
        }
        now("DELETE", one, "nobody", "");

        now("POST", messages, "here", "?topic=t&qos=0&offline=fail&ttl=10&wait=none");
        now("POST", messages, "away", "?topic=t");
        now("POST", messages, "nobody", "?topic=t");
        now("POST", messages, "away", "?topic=t&offline=fail");
        now("POST", messages, "here", "?topic=t&wait=puback&timeout=0.2");
        now("POST", "/v1/messages", "", "?topic=news/here&qos=1&retain=false");
        now("POST", "/v1/messages", "", "?topic=news/away");
        here.drain();

        now("POST", requests, "nobody", "");
        now("POST", requests, "away", "");
        now("POST", requests, "here", "?timeout=0.2");
        here.drain();
        CompletableFuture<HttpResponse<String>> reply =
                send("POST", requests, "here", "?topic=ask&replyTopic=stat&timeout=20");
        here.awaitPacket(packet -> packet instanceof ServerPacket.Publish publish
                && publish.topic().equals("ask"));
        here.publish("stat", "on");
        assertThat(reply).succeedsWithin(Duration.ofSeconds(20));

        now("DELETE", one, "here", "");
        tooLarge();
        notReady();

        assertThat(seen).containsAll(declared());
    }

    /** 400, 401 and 503 of all paths. */
    private void badUnauthorizedAndUnavailable() {
        operations().forEach(each -> {
            String[] words = each.split(" ");
            now(words[0], words[1], "c", "?noSuchParameter=1");
            if (operation(words[0], words[1]).containsKey("security")) {
                return; // nobody needs a token
            }
            isBroken.set(true);
            now(words[0], words[1], "c", "");
            isBroken.set(false);
            try (RawHttp raw = served.raw()) {
                raw.send(words[0] + " " + words[1].replace("{clientId}", "c") + " HTTP/1.1\nHost: x\n\n");
                RawHttp.Answer answer = words[0].equals("HEAD") ? raw.answerToHead() : raw.answer();
                checkRaw(words[0], words[1], answer.has(401));
            }
        });
    }

    /** 429 of all paths: two requests wait. */
    private void tooMany() {
        TestClient busy = served.client("busy");
        List<CompletableFuture<HttpResponse<String>>> waiting = List.of(
                send("POST", "/v1/clients/{clientId}/requests", "busy", "?topic=a&replyTopic=1"),
                send("POST", "/v1/clients/{clientId}/requests", "busy", "?topic=a&replyTopic=2"));
        busy.expect(ServerPacket.Publish.class);
        busy.expect(ServerPacket.Publish.class);
        operations().forEach(each -> {
            String[] words = each.split(" ");
            String query = parameters(words[0], words[1]).contains("topic") ? "?topic=t&" : "?";
            String target = words[1].contains("requests") ? "" : query.substring(0, query.length() - 1);
            now(words[0], words[1], "c", target);
        });
        busy.publish("1", "").publish("2", "");
        waiting.forEach(each -> assertThat(each).succeedsWithin(Duration.ofSeconds(20)));
        busy.close();
    }

    /** 413 of all paths that take a body. */
    private void tooLarge() {
        operations().forEach(each -> {
            String[] words = each.split(" ");
            if (operation(words[0], words[1]).containsKey("requestBody")) {
                try (RawHttp raw = served.raw()) {
                    String target =
                            words[1].replace("{clientId}", "c") + (words[1].contains("requests") ? "" : "?topic=t");
                    raw.send(RawHttp.head(words[0], target) + "Content-Length: 300000\n\n");
                    checkRaw(words[0], words[1], raw.answer().has(413));
                }
            }
        });
    }

    /** 503 of the readiness: a broker that has not started. */
    private void notReady() {
        DownlinkHandler early = DownlinkHandler.builder().allowUnauthenticated().build();
        for (String method : List.of("GET", "HEAD")) {
            var response = early.handle(DownlinkRequest.of(method, "/readyz", Map.of(), Payload.EMPTY))
                    .toCompletableFuture()
                    .join();
            checkRaw(
                    method,
                    "/readyz",
                    new RawHttp.Answer(
                            response.status(),
                            response.headers(),
                            response.body().asUtf8String()));
        }
    }

    private void checkRaw(String method, String path, RawHttp.Answer answer) {
        seen.add(method + " " + path + " " + answer.status());
        Map<String, Object> declared =
                resolved(in(operation(method, path), "responses", Integer.toString(answer.status())));
        if (method.equals("HEAD")) {
            return;
        }
        assertThat(in(declared, "content")).containsOnlyKeys(answer.headers().get("content-type"));
        conforms(Json.object(answer.body()), resolved(in(declared, "content", "application/problem+json", "schema")));
    }
}
