package io.mqttparty.spi;

import io.mqttparty.model.ClientInfo;
import io.mqttparty.model.Payload;
import io.mqttparty.model.ReasonCode;
import java.security.cert.Certificate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Decides who may connect. Time limit 5 seconds. */
@FunctionalInterface
public interface Authenticator {
    /** Called for each CONNECT on the event loop of the connection, from which nothing more is read until the stage completes. */
    CompletionStage<Result> authenticate(Request request);

    /**
     * What CONNECT and the transport said.
     *
     * @param client the client; its attributes are empty yet
     * @param password the password of CONNECT
     * @param peerCertificates the certificates of TLS, the client's own first; empty without
     */
    record Request(ClientInfo client, Optional<Payload> password, List<Certificate> peerCertificates) {
        /** Copies the list. */
        public Request {
            peerCertificates = List.copyOf(peerCertificates);
        }
    }

    /**
     * The decision.
     *
     * @param reasonCode {@link ReasonCode#SUCCESS}, or why not
     * @param attributes kept in {@link ClientInfo#attributes()} of the connection
     */
    record Result(ReasonCode reasonCode, Map<String, String> attributes) {
        /** Copies the attributes. */
        public Result {
            attributes = Map.copyOf(attributes);
        }

        /** The client may connect. */
        public static Result accepted() {
            return new Result(ReasonCode.SUCCESS, Map.of());
        }

        /** The client may connect, and this is known of it. */
        public static Result accepted(Map<String, String> attributes) {
            return new Result(ReasonCode.SUCCESS, attributes);
        }

        /**
         * The client may not connect.
         *
         * @throws IllegalArgumentException if the code is no error
         */
        public static Result refused(ReasonCode reasonCode) {
            if (!reasonCode.isError()) {
                throw new IllegalArgumentException("reasonCode: " + reasonCode + " (expected: an error)");
            }
            return new Result(reasonCode, Map.of());
        }
    }
}
