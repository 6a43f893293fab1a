package dev.understudy.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.control.api.Api;
import dev.understudy.control.api.Dispatcher;
import dev.understudy.control.api.Request;
import dev.understudy.control.api.SigV4Verifier;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

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
                        .any("/SlowUpload", new ApiRoutes(dispatcher, Duration.ofMillis(50)))
                        .any("/Fault", (_, _) -> {
                            throw new IllegalStateException("the password is swordfish");
                        }));
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

    /** Sends the text and nothing more, and reads until the server closes the connection. */
    private String exchangeWhole(String request) throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.setSoTimeout(NEVER_LONGER_MILLIS);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            socket.shutdownOutput();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        }
    }

    private static String content(String answer) {
        return answer.substring(answer.indexOf("\r\n\r\n") + 4);
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
        assertThat(exchangeWhole("POST /CreateStage HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1048577\r\n\r\n"))
                .startsWith("HTTP/1.1 413")
                .containsIgnoringCase("connection: close")
                .contains("x-amzn-errortype: RequestEntityTooLargeException");
    }

    @Test
    void refusesAChunkedBodyThatGrowsTooLarge() throws IOException {
        String half = "80000\r\n" + "x".repeat(0x80000) + "\r\n";

        assertThat(exchangeWhole("POST /CreateStage HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
                        + half + half + "7fffffff\r\n"))
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
    void refusesAMalformedChunk() throws IOException {
        assertThat(exchange(request("POST /CreateStage", "Transfer-Encoding: chunked\r\n", "zz\r\n{}\r\n0\r\n\r\n")))
                .startsWith("HTTP/1.1 400")
                .contains("The request body is incomplete or its transfer coding is malformed.");
    }

    /** Line ends are written as commas, and {@code *} is two hundred letters. */
    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            no path             | GET,,                                              | 400 | The request is not well-formed HTTP: The request line must be: METHOD /path HTTP/1.1
            no version          | GET /a,,                                           | 400 | The request is not well-formed HTTP: The request line must be: METHOD /path HTTP/1.1
            another protocol    | GET /a FTP/1.1,,                                   | 400 | The request is not well-formed HTTP: The request line must be: METHOD /path HTTP/1.1
            a letter in a path  | GET /tags/<a> HTTP/1.1,Host: a,,                   | 400 | The request is not well-formed HTTP: The path has a character that must be percent-encoded, or % without two hex digits
            no hex in a path    | GET /tags/%zz HTTP/1.1,Host: a,,                   | 400 | The request is not well-formed HTTP: The path has a character that must be percent-encoded, or % without two hex digits
            no hex in a query   | DELETE /tags/a?tagKeys=%zz HTTP/1.1,Host: a,,      | 400 | The request is not well-formed HTTP: Query has non hexadecimal char in % encoding: tagKeys=%zz, index: 9, char: 'z'
            no host             | POST /a HTTP/1.1,,                                 | 400 | The request is not well-formed HTTP: Host header must be present in the request
            two hosts           | POST /a HTTP/1.1,Host: a,Host: b,,                 | 400 | The request is not well-formed HTTP: Only a single Host header is allowed in request
            a bad host          | POST /a HTTP/1.1,Host: a<b,,                       | 400 | The request is not well-formed HTTP: Invalid Host header: Host contains invalid char: a?b, index: 1, char: 0x3c
            no colon            | POST /a HTTP/1.1,Host: a,Nonsense,,                | 400 | The request is not well-formed HTTP: Invalid header, missing colon
            no number           | POST /a HTTP/1.1,Host: a,Content-Length: x,,       | 400 | The request is not well-formed HTTP: Content length is not a number
            two lengths         | POST /a HTTP/1.1,Host: a,Content-Length: 1,Content-Length: 2,, | 400 | The request is not well-formed HTTP: Content-Length header must have exactly one value.
            length and chunks   | POST /a HTTP/1.1,Host: a,Transfer-Encoding: chunked,Content-Length: 1,, | 400 | The request is not well-formed HTTP: Transfer-Encoding and Content-Length headers must not be combined
            another coding      | POST /a HTTP/1.1,Host: a,Transfer-Encoding: gzip,, | 400 | The request is not well-formed HTTP: Final Transfer-Encoding for requests must be chunked
            two codings         | POST /a HTTP/1.1,Host: a,Transfer-Encoding: gzip,Transfer-Encoding: chunked,, | 501 | The only transfer coding is chunked
            compressed          | POST /a HTTP/1.1,Host: a,Content-Encoding: gzip,Content-Length: 2,,{} | 415 | The body must come without any Content-Encoding
            a long path         | GET /********************************************* HTTP/1.1,Host: a,, | 414 | The request line exceeds 8192 bytes
            a long header       | GET /a HTTP/1.1,Host: a,A: *****************************************************************************************,, | 431 | The headers exceed 16384 bytes
            many headers        | GET /a HTTP/1.1,Host: a,A: ******************************,B: ******************************,C: ******************************,, | 431 | The headers exceed 16384 bytes
            HTTP/1.0            | GET /health/live HTTP/1.0,,                        | 505 | Only HTTP/1.1 is spoken here
            HTTP/9.9            | GET /health/live HTTP/9.9,,                        | 505 | Only HTTP/1.1 is spoken here
            """)
    void saysWhatIsWrongWithARequest(String what, String request, int status, String message) throws IOException {
        String text = request.replace(",", "\r\n").replace("*", "x".repeat(200));

        assertThat(exchangeWhole(text))
                .startsWith("HTTP/1.1 " + status + " ")
                .containsIgnoringCase("connection: close")
                .containsPattern("x-amzn-errortype: (MalformedHttpRequest|NotImplemented)Exception\r\n")
                .endsWith("{\"exceptionMessage\":\"" + message + "\",\"message\":\"" + message + "\"}");
    }

    @Test
    void refusesLinesThatEndInAFeedOnly() throws IOException {
        assertThat(exchange("GET /health/live HTTP/1.1\nHost: a\n\n"))
                .startsWith("HTTP/1.1 400")
                .contains("The request is not well-formed HTTP: Invalid prologue: Found LF");
    }

    @Test
    void keepsItsFaultsToItself() throws IOException {
        assertThat(exchange(request("GET /Fault", "", "")))
                .startsWith("HTTP/1.1 500")
                .contains("InternalServerException", "Internal server error")
                .doesNotContain("swordfish");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            /health/live  | 200 | 15
            /health/ready | 503 | 17
            /ListStages   | 404 | 126
            """)
    void answersHeadWithoutContent(String path, int status, int contentLength) throws IOException {
        String answer = exchange(request("HEAD " + path, "", ""));

        assertThat(answer)
                .startsWith("HTTP/1.1 " + status)
                .containsIgnoringCase("content-length: " + contentLength + "\r\n")
                .endsWith("\r\n\r\n");
        assertThat(content(answer)).isEmpty();
    }

    @Test
    void whatFollowsAHeadRequestHasItsContent() throws IOException {
        String head = "HEAD /health/live HTTP/1.1\r\nHost: a\r\n\r\n";

        assertThat(content(content(exchange(head + head + request("GET /health/live", "", "")))))
                .contains("HTTP/1.1 200")
                .endsWith("{\"status\":\"UP\"}");
        assertThat(exchange(head + "nonsense\r\n\r\n")).contains("HTTP/1.1 400").endsWith("}");
    }

    @Test
    void takesTargetsInAbsoluteForm() throws IOException {
        assertThat(exchange(request("GET http://localhost/health/live", "", "")))
                .startsWith("HTTP/1.1 200");
        assertThat(exchange(request("POST HTTPS://ivs.example.org:443/ListStages", "", "")))
                .contains("MissingAuthenticationTokenException");
        assertThat(exchange(request("GET http://localhost/tags/arn%3Aaws%3Aivs?a=b", "", "")))
                .contains("MissingAuthenticationTokenException");
        assertThat(exchange(request("GET http://localhost", "", ""))).contains("No operation at GET /\"");
    }

    /** A signature is checked on the path. */
    @Test
    void handsAnAbsoluteTargetOnAsItsPath() throws IOException {
        List<Request> asked = new CopyOnWriteArrayList<>();
        server.close();
        server = HttpServer.start(
                ANY_PORT,
                dispatcher,
                routing -> routing.any("/ListStages", (request, response) -> {
                    asked.add(ApiRoutes.asReceived(request, new byte[0]));
                    response.send();
                }));

        exchange(request("POST http://localhost/ListStages?a=%2F", "", ""));

        assertThat(asked).singleElement().satisfies(request -> {
            assertThat(request.rawPath()).isEqualTo("/ListStages");
            assertThat(request.rawQuery()).isEqualTo("a=%2F");
        });
    }

    /** More than the buffers of both sides hold, so that the client is at its writing when it is refused. */
    @Test
    void aClientThatIsRefusedWhileItSendsReadsWhy() throws IOException {
        int length = 12 << 20;
        for (int i = 0; i < 5; i++) {
            assertThat(exchange("POST /CreateStage HTTP/1.1\r\nHost: a\r\nContent-Length: " + length + "\r\n\r\n"
                            + "x".repeat(length)))
                    .startsWith("HTTP/1.1 413")
                    .contains("RequestEntityTooLargeException");
        }
    }

    @Test
    void aHeadThatTricklesInEndsTheConnection() throws IOException {
        var nowNanos = new AtomicLong();
        var deadlines = new Deadlines(nowNanos::get);
        try (HttpServer slow = HttpServer.start(ANY_PORT, dispatcher, _ -> {}, deadlines);
                var socket = new Socket(InetAddress.getLoopbackAddress(), slow.port())) {
            socket.setSoTimeout(NEVER_LONGER_MILLIS);
            OutputStream out = socket.getOutputStream();
            out.write("OPTIONS /a HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII))
                    .isEqualTo("HTTP/1.1 204");
            awaitSize(deadlines, 0);

            out.write('O');
            awaitSize(deadlines, 1);
            nowNanos.addAndGet(HttpConnection.HEAD_LIMIT.toNanos() - 1);
            deadlines.check();
            out.write("PTIONS /a HTTP/1.1\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(deadlines.size()).isEqualTo(1);
            nowNanos.addAndGet(1);
            deadlines.check();

            assertThat(deadlines.size()).isZero();
            socket.getInputStream().readAllBytes();
        }
    }

    @Test
    void aHeadThatCameHalfWithTheRequestBeforeEndsTheConnection() throws IOException {
        var nowNanos = new AtomicLong();
        var deadlines = new Deadlines(nowNanos::get);
        try (HttpServer slow = HttpServer.start(ANY_PORT, dispatcher, _ -> {}, deadlines);
                var socket = new Socket(InetAddress.getLoopbackAddress(), slow.port())) {
            socket.setSoTimeout(NEVER_LONGER_MILLIS);
            socket.getOutputStream()
                    .write("OPTIONS /a HTTP/1.1\r\nHost: a\r\n\r\nOPTIONS /b HTTP/1.1\r\nHost: b\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
            assertThat(new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII))
                    .isEqualTo("HTTP/1.1 204");

            awaitSize(deadlines, 1);
            nowNanos.addAndGet(HttpConnection.HEAD_LIMIT.toNanos());
            deadlines.check();

            socket.getInputStream().readAllBytes();
        }
    }

    /** The body looks like a request, and would be taken for one. */
    @ParameterizedTest
    @ValueSource(strings = {"GET /health/live", "HEAD /health/ready", "GET /Fault"})
    void aBodyThatNobodyReadsIsNotTheNextRequest(String line) throws IOException {
        String body = "GET /health/live HTTP/1.1\r\nHost: a\r\n\r\n";
        String length = "Content-Length: " + body.length() + "\r\n";
        String next = request("GET /health/ready", "", "");

        String expected =
                exchangeWhole(line + " HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n" + length + "\r\n" + body);
        assertThat(expected.split("HTTP/1.1 ", -1)).hasSize(2);
        String chunked = exchangeWhole(line + " HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n"
                + "Transfer-Encoding: chunked\r\n\r\n" + body);
        assertThat(chunked.split("HTTP/1.1 ", -1)).hasSize(2);
        String unexpected = exchangeWhole(line + " HTTP/1.1\r\nHost: a\r\n" + length + "\r\n" + body + next);
        assertThat(unexpected.split("HTTP/1.1 ", -1)).hasSize(3);
        assertThat(unexpected).endsWith("{\"status\":\"DOWN\"}");
    }

    private static void awaitSize(Deadlines deadlines, int size) {
        long end = System.nanoTime() + NEVER_LONGER_MILLIS * 1_000_000L;
        while (deadlines.size() != size && System.nanoTime() < end) {
            Thread.onSpinWait();
        }
        assertThat(deadlines.size()).isEqualTo(size);
    }

    @Test
    void namesThePortThatIsInUse() {
        assertThatThrownBy(() -> HttpServer.start(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()), dispatcher, _ -> {}))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("cannot listen on localhost port " + server.port() + ": Address already in use");
    }
}
