package io.mqttparty.http.internal.downlink;

import io.mqttparty.MqttParty;
import io.mqttparty.http.internal.text.PercentDecoder;
import io.mqttparty.model.ClientId;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/** Which path has which methods. */
final class Router {
    private static final String CLIENTS = "/v1/clients/";

    private final MqttParty broker;
    private final Map<String, Map<String, Route>> fixed;
    private final Map<String, Function<ClientId, Map<String, Route>>> ofClients;

    Router(MqttParty broker, DownlinkSettings settings) {
        this.broker = broker;
        NodeEndpoints node = new NodeEndpoints(broker);
        PublishEndpoint publish = new PublishEndpoint(broker);
        ClientEndpoints clients = new ClientEndpoints(broker, settings);
        this.fixed = Map.of(
                "/livez", Map.of("GET", Route.open(node::live)),
                "/readyz", Map.of("GET", Route.open(node::ready)),
                "/openapi.json", Map.of("GET", Route.asking(node::openApi)),
                "/v1/messages", Map.of("POST", Route.sending(publish::publish)),
                "/v1/clients", Map.of("GET", Route.asking(clients::list)));
        this.ofClients = Map.of(
                "",
                id -> Map.of(
                        "GET", Route.asking(query -> clients.find(id, query)),
                        "DELETE", Route.asking(query -> clients.disconnect(id, query))),
                "/messages",
                id -> Map.of("POST", Route.sending(query -> clients.message(id, query))),
                "/requests",
                id -> Map.of("POST", Route.sending(query -> clients.request(id, query))));
    }

    /** Whether everybody may ask for this path, before anything else of the request is looked at. */
    boolean isOpen(String path) {
        return fixed.getOrDefault(path, Map.of()).values().stream().anyMatch(Route::isOpen);
    }

    /** The methods of a path; throws {@link ProblemException} if there is no such path. */
    Map<String, Route> methods(String path) {
        Map<String, Route> methods = fixed.get(path);
        if (methods != null) {
            return methods;
        }
        if (path.startsWith(CLIENTS)) {
            int end = path.indexOf('/', CLIENTS.length());
            String id = path.substring(CLIENTS.length(), end < 0 ? path.length() : end);
            Function<ClientId, Map<String, Route>> ofClient = ofClients.get(end < 0 ? "" : path.substring(end));
            if (ofClient != null && !id.isEmpty()) {
                return ofClient.apply(clientId(id));
            }
        }
        throw new ProblemException(Problem.NOT_FOUND, "no such path (see /openapi.json)");
    }

    private ClientId clientId(String encoded) {
        String id = PercentDecoder.decode(encoded)
                .orElseThrow(() -> ProblemException.badRequest(
                        "clientId: not decodable (expected: percent-encoded, well-formed UTF-8)"));
        int most = broker.limits().clientIdBytes();
        int bytes = id.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > most) {
            throw Parameters.wrong("clientId", bytes + " bytes", "at most " + most);
        }
        if (id.indexOf('\0') >= 0) {
            throw Parameters.wrong("clientId", "contains U+0000", "none");
        }
        return ClientId.of(id);
    }

    /** The methods as {@code Allow} names them; HEAD is answered as GET is, without the body. */
    static String allow(Map<String, Route> methods) {
        Set<String> names = new TreeSet<>(methods.keySet());
        if (names.contains("GET")) {
            names.add("HEAD");
        }
        return String.join(", ", names);
    }
}
