package io.mqttparty.examples;

import io.mqttparty.testkit.TestClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class UsersExampleIT {
    private final Running running = Running.of(UsersExample.describe());

    @AfterEach
    void close() {
        running.close();
    }

    @Test
    void password_right_accepted() {
        login("anna", "secret-a").expectConnack(0, false).close();
    }

    @Test
    void password_ofAnother_refused() {
        login("anna", "secret-b").expectConnack(4, false).expectClosed();
    }

    @Test
    void user_unknown_refused() {
        login("carl", "secret-a").expectConnack(4, false).expectClosed();
    }

    @Test
    void user_withoutPassword_refused() {
        TestClient.connect(running.pipe(), c -> c.clientId("c").username("anna"))
                .expectConnack(4, false)
                .expectClosed();
    }

    @Test
    void nobody_connects_refused() {
        TestClient.connect(running.pipe(), c -> c.clientId("c"))
                .expectConnack(4, false)
                .expectClosed();
    }

    @Test
    void subscribe_ownAndForeignTopics_onlyOwnGranted() {
        try (TestClient anna = login("anna", "secret-a").expectConnack(0, false)) {
            anna.subscribe(1, "users/anna/+/lamp", 1).expectSuback(1, 1);
            anna.subscribe(2, "users/ben/#", 1).expectSuback(2, 128);
            anna.subscribe(3, "users/+/lamp", 1).expectSuback(3, 128);
            anna.subscribe(4, "#", 1).expectSuback(4, 128);
            anna.subscribe(5, "$share/g/users/ben/#", 1).expectSuback(5, 128);
            anna.subscribe(6, "news/sport", 1).expectSuback(6, 1);
            anna.subscribe(7, "news/#", 1).expectSuback(7, 128);
        }
    }

    @Test
    @Tag("MQTT-3.3.5-2")
    void publish_foreignTopic_acknowledgedAndGoesNowhere() {
        try (TestClient anna = login("anna", "secret-a").expectConnack(0, false);
                TestClient ben = login("ben", "secret-b").expectConnack(0, false)) {
            ben.subscribed("users/ben/#", 1).subscribed("news/+", 1);
            anna.published("users/ben/lamp", "on", 1).published("news/sport", "fake", 1);
            ben.published("news/sport", "true", 1).expectPublish("news/sport", "true", 1);
        }
    }

    private TestClient login(String name, String password) {
        return TestClient.connect(
                running.pipe(), c -> c.clientId("c-" + name).username(name).password(password));
    }
}
