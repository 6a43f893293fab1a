package dev.understudy.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.control.api.Api;
import dev.understudy.control.api.Dispatcher;
import dev.understudy.control.api.SigV4Verifier;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The listener, spoken to byte by byte. Unsigned calls reach the API: it is the one that says they are unsigned. */
class HttpServerIT {
    /** Ends a test whose server forgets to close. */
    private static final int NEVER_LONGER_MILLIS = 10_000;

    private static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    private final Dispatcher dispatcher = new Dispatcher(
            new Api(),
            new SigV4Verifier(_ -> Optional.empty(), "us-east-1", InstantSource.system()),
            Dispatcher.Gates.OPEN,
            InstantSource.system(),
            () -> "request-1");
    private final AtomicBoolean ready = new AtomicBoolean();
    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.start(
                ANY_PORT,
                dispatcher,
                routing -> routing.register("/health", new Health(ready::get))
                        .any("/SlowUpload", new ApiRoutes(dispatcher, Duration.ofMillis(50))));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    /** Sends the text and reads until the server closes the connection. */
    private String exchange(String request) throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.setSoTimeout(NEVER_LONGER_MILLIS);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        }
    }

    private static String request(String line, String headers, String body) {
        return line + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" + headers + "\r\n" + body;
    }

    @Test
    void answersHealthWithoutAuthentication() throws IOException {
        assertThat(exchange(request("GET /health/live", "", "")))
                .startsWith("HTTP/1.1 200")
                .endsWith("{\"status\":\"UP\"}")
                .doesNotContainIgnoringCase("strict-transport-security");
        assertThat(exchange(request("GET /health/ready", "", "")))
                .startsWith("HTTP/1.1 503")
                .endsWith("{\"status\":\"DOWN\"}");
        ready.set(true);
        assertThat(exchange(request("GET /health/ready", "", ""))).startsWith("HTTP/1.1 200");
    }

    @Test
    void answersAnythingElseAsTheApiWithEachHeaderOnce() throws IOException {
        String answer = exchange(request("POST /CreateStage", "Content-Length: 2\r\n", "{}"));
        String head = answer.substring(0, answer.indexOf("\r\n\r\n") + 2).toLowerCase(Locale.ROOT);

        assertThat(answer)
                .startsWith("HTTP/1.1 403")
                .endsWith("{\"exceptionMessage\":\"Missing Authentication Token\","
                        + "\"message\":\"Missing Authentication Token\"}");
        assertThat(head)
                .containsOnlyOnce("x-amzn-errortype: missingauthenticationtokenexception\r\n")
                .containsOnlyOnce("x-amzn-requestid: request-1\r\n")
                .containsOnlyOnce("strict-transport-security: ")
                .containsOnlyOnce("\r\ndate: ");
    }

    @Test
    void routesByTheRawPath() throws IOException {
        assertThat(exchange(request("GET /tags/arn%3Aaws%3Aivs%3Aus-east-1%3A1%3Astage%2Fa", "", "")))
                .contains("MissingAuthenticationTokenException");
        assertThat(exchange(request("GET /tags/arn:aws:ivs:us-east-1:1:stage/a?x=y", "", "")))
                .contains("MissingAuthenticationTokenException");
        assertThat(exchange(request("GET /%74ags/a", "", ""))).contains("UnknownOperationException");
        assertThat(exchange(request("POST /nothing/here", "", ""))).contains("UnknownOperationException");
    }

    @Test
    void answersPreflight() throws IOException {
        assertThat(exchange(request("OPTIONS /CreateStage", "Origin: http://localhost\r\n", "")))
                .startsWith("HTTP/1.1 204")
                .containsIgnoringCase("access-control-max-age: 86400");
    }

    @Test
    void readsChunkedBodies() throws IOException {
        assertThat(exchange(request(
                        "POST /CreateStage", "Transfer-Encoding: chunked\r\n", "1\r\n{\r\n1\r\n}\r\n0\r\n\r\n")))
                .startsWith("HTTP/1.1 403")
                .contains("MissingAuthenticationTokenException");
    }

    @Test
    void letsAClientThatAsksFirstSendItsBody() throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.getOutputStream()
                    .write(request("POST /CreateStage", "Content-Length: 2\r\nExpect: 100-continue\r\n", "")
                            .getBytes(StandardCharsets.US_ASCII));
            InputStream in = socket.getInputStream();
            String interim = new String(in.readNBytes(25), StandardCharsets.US_ASCII);
            socket.getOutputStream().write("{}".getBytes(StandardCharsets.US_ASCII));

            assertThat(interim).startsWith("HTTP/1.1 100 Continue\r\n");
            assertThat(new String(in.readAllBytes(), StandardCharsets.US_ASCII)).contains("HTTP/1.1 403");
        }
    }

    @Test
    void refusesABodyThatAnnouncesToBeTooLargeBeforeItComes() throws IOException {
        assertThat(exchange("POST /CreateStage HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1048577\r\n\r\n"))
                .startsWith("HTTP/1.1 413")
                .containsIgnoringCase("connection: close")
                .contains("x-amzn-errortype: RequestEntityTooLargeException");
    }

    @Test
    void refusesAChunkedBodyThatGrowsTooLarge() throws IOException {
        String half = "80000\r\n" + "x".repeat(0x80000) + "\r\n";

        assertThat(exchange("POST /CreateStage HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n" + half
                        + half + "7fffffff\r\n"))
                .startsWith("HTTP/1.1 413")
                .containsIgnoringCase("connection: close")
                .contains("x-amzn-errortype: RequestEntityTooLargeException");
    }

    @Test
    void givesUpOnABodyThatDoesNotCome() throws IOException {
        assertThat(exchange("POST /SlowUpload HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{"))
                .startsWith("HTTP/1.1 408")
                .containsIgnoringCase("connection: close")
                .contains("x-amzn-errortype: RequestTimeoutException");
    }

    @Test
    void refusesAMalformedChunkAndAMalformedRequestLine() throws IOException {
        assertThat(exchange(request("POST /CreateStage", "Transfer-Encoding: chunked\r\n", "zz\r\n{}\r\n0\r\n\r\n")))
                .startsWith("HTTP/1.1 400");
        assertThat(exchange(request("GET /tags/<script>", "", ""))).startsWith("HTTP/1.1 400");
        assertThat(exchange(request("POST /a", "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n", "0\r\n\r\n")))
                .startsWith("HTTP/1.1 400");
    }

    @Test
    void namesThePortThatIsInUse() {
        assertThatThrownBy(() -> HttpServer.start(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()), dispatcher, _ -> {}))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("cannot listen on localhost port " + server.port() + ": Address already in use");
    }
}
