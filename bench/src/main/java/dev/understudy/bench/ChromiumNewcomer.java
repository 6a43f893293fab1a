package dev.understudy.bench;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Instant;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Headless Chromium with its fake camera, which {@code newcomer.html} drives: it asks here what to do next, and says when
 * it has posted. Confined to one thread.
 */
final class ChromiumNewcomer implements FirstFrameLatency.Newcomer {
    private static final String LEAVE = "leave";
    private static final long PATIENCE_SECONDS = 60;

    private final BlockingQueue<String> commands = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();
    private final HttpServer server;
    private final Process browser;

    ChromiumNewcomer(URI whip) throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", exchange -> send(exchange, "text/html", page()));
        server.createContext("/next", exchange -> send(exchange, "text/plain", next()));
        server.createContext("/done", exchange -> {
            answers.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            send(exchange, "text/plain", new byte[0]);
        });
        server.start();
        String origin = "http://127.0.0.1:" + server.getAddress().getPort();
        browser = new ProcessBuilder(
                        "chromium",
                        "--headless=new",
                        "--no-sandbox",
                        "--no-first-run",
                        "--user-data-dir=" + Files.createTempDirectory("understudy-bench-chromium-"),
                        "--use-fake-device-for-media-stream=fps=30",
                        "--use-fake-ui-for-media-stream",
                        origin + "/?whip=" + whip)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    @Override
    public Instant join(String token) throws InterruptedException {
        return Instant.ofEpochMilli(Long.parseLong(ask(token)));
    }

    @Override
    public void leave() throws InterruptedException {
        ask(LEAVE);
    }

    private String ask(String command) throws InterruptedException {
        commands.add(command);
        String answer = answers.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (answer == null) {
            throw new IllegalStateException("chromium has not answered within " + PATIENCE_SECONDS + " s");
        }
        if (answer.startsWith("failed")) {
            throw new IllegalStateException("chromium " + answer);
        }
        return answer;
    }

    /** Waits until there is a command; nothing when the page may as well ask again. */
    private byte[] next() {
        try {
            String command = commands.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            return (command == null ? "" : command).getBytes(StandardCharsets.UTF_8);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new byte[0];
        }
    }

    private static byte[] page() throws IOException {
        try (InputStream in = ChromiumNewcomer.class.getResourceAsStream("newcomer.html")) {
            if (in == null) {
                throw new IllegalStateException("the build lacks newcomer.html");
            }
            return in.readAllBytes();
        }
    }

    private static void send(HttpExchange exchange, String type, byte[] body) throws IOException {
        try (exchange) {
            exchange.getResponseHeaders().add("Content-Type", type);
            exchange.sendResponseHeaders(200, body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
        }
    }

    @Override
    public void close() {
        browser.descendants().forEach(ProcessHandle::destroy);
        browser.destroy();
        server.stop(0);
    }
}
