package dev.understudy.server.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodeIT {
    @TempDir
    Path folder;

    private Config config() {
        return Config.defaults(folder.resolve("data")).onFreePorts();
    }

    @Test
    void answersASignedCall() throws Exception {
        try (Node node = Node.start(config());
                ApiClient client = node.client()) {
            assertThat(client.call("ListStages", Map.of()).path("stages").isEmpty())
                    .isTrue();
        }
    }

    @Test
    void keepsItsSecretsToItself() throws IOException {
        Config config = config();

        Node.start(config).close();

        assertThat(permissions(config.dataDir())).isEqualTo("rwx------");
        assertThat(permissions(config.dataDir().resolve("credentials"))).isEqualTo("rw-------");
        assertThat(permissions(config.dataDir().resolve("node.key"))).isEqualTo("rw-------");
    }

    @Test
    void keepsTheAccessKeyAndBringsTheEndpointUpToDate() throws IOException {
        Config config = config();
        Path credentials = config.dataDir().resolve("credentials");
        Node.start(config).close();
        List<String> first = Files.readAllLines(credentials);

        URI url;
        try (Node node = Node.start(config)) {
            url = node.url();
        }
        List<String> second = Files.readAllLines(credentials);

        assertThat(second.subList(0, 3)).isEqualTo(first.subList(0, 3));
        assertThat(second).contains("region = us-east-1", "endpoint_url = " + url);
        assertThat(permissions(credentials)).isEqualTo("rw-------");
    }

    @Test
    void namesTheHttpPortThatIsInUse() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Config config = with(config(), new HostPort("127.0.0.1", taken.getLocalPort()), 0);

            assertThatThrownBy(() -> Node.start(config))
                    .isInstanceOf(StartException.class)
                    .hasMessageContaining("127.0.0.1")
                    .hasMessageContaining(Integer.toString(taken.getLocalPort()));
            Node.start(config()).close();
        }
    }

    @Test
    void namesTheMediaPortThatIsInUse() throws IOException {
        try (DatagramSocket taken = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
            Config config = with(config(), new HostPort("127.0.0.1", 0), taken.getLocalPort());

            assertThatThrownBy(() -> Node.start(config))
                    .isInstanceOf(StartException.class)
                    .hasMessage(
                            "cannot listen on UDP 127.0.0.1 port %d: Address already in use"
                                    + "; choose another --media-port or stop what uses it",
                            taken.getLocalPort());
        }
    }

    @Test
    void saysThatAnotherNodeHasTheFolder() {
        try (Node first = Node.start(config())) {
            assertThatThrownBy(() -> Node.start(config()))
                    .isInstanceOf(StartException.class)
                    .hasMessageContaining(first.credentialsFile().getParent().toString());
        }
    }

    @Test
    void saysWhenTheDataFolderIsAFile() throws IOException {
        Files.createFile(folder.resolve("data"));

        assertThatThrownBy(() -> Node.start(config()))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("is a file and should be a folder");
    }

    @Test
    void showsRecordingsToNobodyUnlessTold() throws Exception {
        try (Node closed = Node.start(config())) {
            assertThat(get(closed.url(), "/recordings/any/x.mp4").statusCode()).isEqualTo(404);
            assertThat(get(closed.url(), "/play/").statusCode()).isEqualTo(404);
        }
        try (Node open = Node.start(config().withServedRecordings())) {
            Path bucket = Files.createDirectories(open.bucketFolder("any-bucket"));
            Files.writeString(bucket.resolve("a.m3u8"), "#EXTM3U\n");

            HttpResponse<String> file = get(open.url(), "/recordings/any-bucket/a.m3u8");

            assertThat(file.body()).isEqualTo("#EXTM3U\n");
            assertThat(file.headers().firstValue("content-type")).contains("application/vnd.apple.mpegurl");
            assertThat(get(open.url(), "/play/").body()).contains("<video");
            assertThat(get(open.url(), "/play/hls.min.js").statusCode()).isEqualTo(200);
            assertThat(get(open.url(), "/recordings/any-bucket/%2e%2e/%2e%2e/credentials")
                            .statusCode())
                    .isEqualTo(404);
            assertThat(get(open.url(), "/recordings/any-bucket/..%2f..%2fcredentials")
                            .statusCode())
                    .isEqualTo(404);
            assertThat(get(open.url(), "/recordings/NoBucket/a.m3u8").statusCode())
                    .isEqualTo(404);
        }
    }

    @Test
    void countsForPrometheus() throws Exception {
        try (Node node = Node.start(config())) {
            assertThat(get(node.url(), "/metrics").body())
                    .contains("understudy_media_datagrams_dropped_total{reason=\"unvalidated_path\"} 0.0")
                    .contains("understudy_compositions 0.0")
                    .contains("understudy_workers_ticks_repeated_total 0.0");
            assertThat(get(node.url(), "/health/live").statusCode()).isEqualTo(200);
            assertThat(get(node.url(), "/health/ready").statusCode()).isEqualTo(200);
        }
    }

    private static Config with(Config config, HostPort http, int mediaPort) {
        Config.Network network = config.network();
        return config.with(new Config.Network(
                http,
                mediaPort,
                network.mediaHosts(),
                network.advertised(),
                network.publicUrl(),
                network.joinsPerAddress()));
    }

    private static HttpResponse<String> get(URI url, String path) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                    HttpRequest.newBuilder(URI.create(url + path)).build(), HttpResponse.BodyHandlers.ofString());
        }
    }

    private static String permissions(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }
}
