package dev.understudy.server.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Map;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HttpPostIT {
    private static final char[] PASSWORD = "changeit".toCharArray();
    private static final byte[] BODY = "{}".getBytes(StandardCharsets.UTF_8);
    private static final SSLSocketFactory NO_TLS = (SSLSocketFactory) SSLSocketFactory.getDefault();

    @TempDir
    private Path folder;

    private static HttpPost leadingTo(SSLSocketFactory tls, String... addresses) {
        return new HttpPost(
                _ -> {
                    InetAddress[] found = new InetAddress[addresses.length];
                    for (int i = 0; i < found.length; i++) {
                        found[i] = InetAddress.ofLiteral(addresses[i]);
                    }
                    return found;
                },
                tls,
                Duration.ofSeconds(10));
    }

    @Test
    void connectsToTheAddressThatWasCheckedAndNamesTheHost() throws Exception {
        try (ReceivingServer server = ReceivingServer.start()) {
            server.answer(418, "short and stout");
            URI url = URI.create("http://receiver.example:" + server.port() + "/a/b?c=d");

            HttpAnswer answer = leadingTo(NO_TLS, "127.0.0.1").send(url, Map.of("X-One", "1"), BODY);

            assertThat(answer.status()).isEqualTo(418);
            assertThat(new String(answer.body(), StandardCharsets.UTF_8)).isEqualTo("short and stout");
            ReceivingServer.Got got = server.next();
            assertThat(got.path()).isEqualTo("/a/b");
            assertThat(got.body()).isEqualTo("{}");
            assertThat(got.headers())
                    .containsEntry("Host", "receiver.example:" + server.port())
                    .containsEntry("X-one", "1");
        }
    }

    @Test
    void triesTheNextAddressWhenOneDoesNotAnswer() throws Exception {
        try (ReceivingServer server = ReceivingServer.start()) {
            URI url = URI.create("http://receiver.example:" + server.port() + "/");

            assertThat(leadingTo(NO_TLS, "127.0.0.2", "127.0.0.1")
                            .send(url, Map.of(), BODY)
                            .status())
                    .isEqualTo(200);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"169.254.169.254", "fe80::1", "fd00:ec2::254", "::ffff:169.254.169.254"})
    void sendsNothingWhereANameLeadsToMetadata(String address) {
        URI url = URI.create("http://innocent.example/");

        assertThatThrownBy(() -> leadingTo(NO_TLS, "127.0.0.1", address).send(url, Map.of(), BODY))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("nothing is sent there: ");
    }

    @Test
    void saysWhenANameLeadsNowhere() {
        var http = new HttpPost(
                host -> {
                    throw new UnknownHostException(host);
                },
                NO_TLS,
                Duration.ofSeconds(10));

        assertThatThrownBy(() -> http.send(URI.create("http://nowhere.example/"), Map.of(), BODY))
                .hasMessage("the host's name cannot be resolved");
    }

    @Test
    void waitsNoLongerThanItsLimit() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var http = new HttpPost(InetAddress::getAllByName, NO_TLS, Duration.ofSeconds(1));
            URI url = URI.create("http://127.0.0.1:" + silent.getLocalPort() + "/");

            assertThatThrownBy(() -> http.send(url, Map.of(), BODY)).hasMessage("no answer within 1 s");
        }
    }

    @Test
    void checksThatTheCertificateIsTheHosts() throws Exception {
        KeyStore keys = selfSigned("receiver.example");
        try (ReceivingServer server = ReceivingServer.start(tls(keys))) {
            HttpPost trusting = leadingTo(tls(keys).getSocketFactory(), "127.0.0.1");
            HttpPost doubting = leadingTo(NO_TLS, "127.0.0.1");
            URI right = URI.create("https://receiver.example:" + server.port() + "/");
            URI wrong = URI.create("https://another.example:" + server.port() + "/");

            assertThat(trusting.send(right, Map.of(), BODY).status()).isEqualTo(200);
            assertThatThrownBy(() -> trusting.send(wrong, Map.of(), BODY)).hasMessageContaining("another.example");
            assertThatThrownBy(() -> doubting.send(right, Map.of(), BODY)).isInstanceOf(IOException.class);
        }
    }

    private KeyStore selfSigned(String host) throws Exception {
        Path file = folder.resolve("keys.p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-keystore",
                        file.toString(),
                        "-storepass",
                        new String(PASSWORD),
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=" + host,
                        "-ext",
                        "san=dns:" + host)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("keytool.log").toFile())
                .start();
        assertThat(keytool.waitFor()).isZero();
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            keys.load(in, PASSWORD);
        }
        return keys;
    }

    private static SSLContext tls(KeyStore keys) throws Exception {
        KeyManagerFactory own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        own.init(keys, PASSWORD);
        KeyStore known = KeyStore.getInstance(KeyStore.getDefaultType());
        known.load(null, null);
        known.setCertificateEntry("server", keys.getCertificate(keys.aliases().nextElement()));
        TrustManagerFactory trusted = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trusted.init(known);
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(own.getKeyManagers(), trusted.getTrustManagers(), null);
        return tls;
    }
}
