package dev.understudy.server.event;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** An HTTP server of the JDK that writes down what it gets and answers as a test has told it, 200 if it has not. */
final class ReceivingServer implements AutoCloseable {
    private static final JsonMapper JSON = new JsonMapper();

    /** Ends a test to which nothing comes. */
    private static final int NEVER_LONGER_SECONDS = 20;

    record Got(String path, Map<String, String> headers, String body) {
        JsonNode json() {
            return JSON.readTree(body);
        }

        String participant() {
            return json().at("/detail/participant_id").stringValue();
        }
    }

    /** What to answer; status 0 is no answer at all. */
    record Answer(int status, String body) {}

    private final HttpServer server;
    private final BlockingQueue<Got> got = new LinkedBlockingQueue<>();
    private final BlockingQueue<Answer> answers = new LinkedBlockingQueue<>();

    private ReceivingServer(HttpServer server) {
        this.server = server;
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::receive);
        server.start();
    }

    static ReceivingServer start() throws IOException {
        return new ReceivingServer(HttpServer.create(anyPort(), 0));
    }

    static ReceivingServer start(SSLContext tls) throws IOException {
        HttpsServer server = HttpsServer.create(anyPort(), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(tls));
        return new ReceivingServer(server);
    }

    private static InetSocketAddress anyPort() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    int port() {
        return server.getAddress().getPort();
    }

    URI url(String path) {
        return URI.create("http://127.0.0.1:" + port() + path);
    }

    /** To the requests that come next, in this order. */
    void answer(int status, String body) {
        answers.add(new Answer(status, body));
    }

    /** The next request. */
    Got next() throws InterruptedException {
        Got next = got.poll(NEVER_LONGER_SECONDS, TimeUnit.SECONDS);
        if (next == null) {
            throw new AssertionError("no request came within " + NEVER_LONGER_SECONDS + " s");
        }
        return next;
    }

    private void receive(HttpExchange exchange) {
        try {
            Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
            exchange.getRequestHeaders().forEach((name, values) -> headers.put(name, String.join(",", values)));
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            Answer told = answers.poll();
            Answer answer = told == null ? new Answer(200, "") : told;
            got.add(new Got(exchange.getRequestURI().getPath(), headers, body));
            if (answer.status() != 0) {
                byte[] bytes = answer.body().getBytes(StandardCharsets.UTF_8);
                exchange.getResponseHeaders().add("Location", "/elsewhere");
                exchange.sendResponseHeaders(answer.status(), bytes.length == 0 ? -1 : bytes.length);
                exchange.getResponseBody().write(bytes);
                exchange.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
