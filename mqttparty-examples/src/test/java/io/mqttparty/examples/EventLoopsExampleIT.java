package io.mqttparty.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttparty.testkit.SocketPipe;
import io.mqttparty.testkit.TestClient;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.Test;

class EventLoopsExampleIT {
    @Test
    void post_topicWithSubscriber_publishedAndDelivered() throws Exception {
        try (EventLoopsExample service = new EventLoopsExample(0, 0);
                TestClient lamp = TestClient.connected(SocketPipe.connect("127.0.0.1", service.mqttPort()), "lamp")) {
            lamp.subscribed("lamps/1", 1);
            assertThat(post(service, "/lamps/1").body()).isEqualTo("DELIVERED\n");
            lamp.expectPublish("lamps/1", "on", 1);
            assertThat(post(service, "/lamps/2").body()).isEqualTo("NO_SUBSCRIBER\n");
            assertThat(post(service, "/lamps/+").statusCode()).isEqualTo(400);
        }
    }

    private static HttpResponse<String> post(EventLoopsExample service, String path) throws Exception {
        URI uri = URI.create("http://127.0.0.1:" + service.httpPort() + path);
        HttpRequest request =
                HttpRequest.newBuilder(uri).POST(BodyPublishers.ofString("on")).build();
        return HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
    }
}
