package io.mqttparty.http.internal.decision;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.mqttparty.http.internal.text.JsonWriter;
import io.mqttparty.model.ClientInfo;
import io.mqttparty.model.Payload;
import io.mqttparty.spi.Authenticator;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.charset.CharacterCodingException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.Certificate;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.HexFormat;

/** The question who may connect, in JSON. Equal questions are equal bytes: nothing in them differs from one connection of a client to the next. */
public final class ConnectQuestion {
    private ConnectQuestion() {}

    /**
     * Its body, which may hold a password.
     *
     * @throws IllegalArgumentException if the certificate has no encoding
     */
    public static byte[] body(Authenticator.Request request) {
        ClientInfo client = request.client();
        JsonWriter json = new JsonWriter()
                .beginObject()
                .member("action", "connect")
                .member("clientId", client.clientId().value());
        client.username().ifPresent(name -> json.member("username", name));
        request.password().ifPresent(password -> password(json, password));
        json.member("remoteAddress", host(client.remoteAddress()))
                .member("listener", client.listener())
                .member("cleanSession", client.cleanSession());
        if (!request.peerCertificates().isEmpty()) {
            certificate(json, request.peerCertificates().get(0));
        }
        return json.endObject().toString().getBytes(UTF_8);
    }

    /** Passwords are bytes; nearly all of them are text. */
    private static void password(JsonWriter json, Payload password) {
        try {
            json.member(
                    "password",
                    UTF_8.newDecoder().decode(password.asByteBuffer()).toString());
        } catch (CharacterCodingException e) {
            json.member("passwordBase64", Base64.getEncoder().encodeToString(password.toByteArray()));
        }
    }

    /** The name as the broker saw it, never looked up. */
    private static String host(SocketAddress address) {
        return address instanceof InetSocketAddress inet ? inet.getHostString() : address.toString();
    }

    private static void certificate(JsonWriter json, Certificate certificate) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded());
            json.member("certificateSha256", HexFormat.of().formatHex(hash));
        } catch (CertificateEncodingException | NoSuchAlgorithmException e) {
            throw new IllegalArgumentException("certificate: cannot be encoded (expected: X.509)", e);
        }
        if (certificate instanceof X509Certificate x509) {
            json.member("certificateSubject", x509.getSubjectX500Principal().getName());
        }
    }
}
