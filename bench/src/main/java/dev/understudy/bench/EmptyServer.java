package dev.understudy.bench;

import io.helidon.http.HeaderNames;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.nio.charset.StandardCharsets;

/** The node's HTTP library with nothing behind it: reads a body, answers as many bytes as GetStage does. */
final class EmptyServer {
    private static final byte[] ANSWER = ("{\"stage\":\"" + "x".repeat(760) + "\"}").getBytes(StandardCharsets.UTF_8);

    private EmptyServer() {}

    /** Runs until its process ends; says {@code ready URL} first, as a node does. */
    public static void main(String[] arguments) throws InterruptedException {
        WebServer server = WebServer.builder()
                .host("127.0.0.1")
                .port(0)
                .addRouting(HttpRouting.builder().any(EmptyServer::answer))
                .build()
                .start();
        System.out.println("ready http://127.0.0.1:" + server.port());
        Thread.currentThread().join();
    }

    private static void answer(ServerRequest request, ServerResponse response) {
        request.content().as(byte[].class);
        response.header(HeaderNames.CONTENT_TYPE, "application/json");
        response.send(ANSWER);
    }
}
