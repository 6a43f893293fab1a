package dev.understudy.server.http;

import dev.understudy.control.api.ApiException;
import dev.understudy.control.api.Dispatcher;
import dev.understudy.control.api.Response;
import io.helidon.http.DirectHandler;
import io.helidon.http.DirectHandler.EventType;
import io.helidon.http.DirectHandler.TransportResponse;
import io.helidon.http.HeaderValues;
import io.helidon.http.ServerResponseHeaders;
import io.helidon.http.Status;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.DirectHandlers;
import io.helidon.webserver.http.FilterChain;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;
import io.helidon.webserver.http1.Http1Config;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.util.function.Consumer;

/**
 * The node's one HTTP listener: routes of its own first, the control API for everything else.
 *
 * <p>Each request has a virtual thread, so handlers block freely. The listener bounds what it reads before a handler
 * sees it: request line, headers, body, connections. It installs no shutdown hook; who started it closes it. Thread-safe.
 */
public final class HttpServer implements AutoCloseable {
    /** Headers of a request; the longest presigned credentials with a session token have some 2 KiB. */
    private static final int MAX_HEADER_BYTES = 16 << 10;

    /** The request line; presigned queries carry a session token. */
    private static final int MAX_REQUEST_LINE_BYTES = 8 << 10;

    /** Connections at a time; each costs a virtual thread and a few buffers, players keep one or two. */
    private static final int MAX_CONNECTIONS = 20_000;

    private final WebServer server;

    private HttpServer(WebServer server) {
        this.server = server;
    }

    /**
     * Starts listening.
     *
     * @param address port 0 takes a free one
     * @param dispatcher answers every path that no other route takes
     * @param others adds the other routes
     * @throws IOException with a message for the operator when the address cannot be listened on
     */
    public static HttpServer start(
            InetSocketAddress address, Dispatcher dispatcher, Consumer<HttpRouting.Builder> others) throws IOException {
        requireFree(address);
        HttpRouting.Builder routing = HttpRouting.builder().addFilter(HttpServer::closeWhenSaid);
        others.accept(routing);
        routing.any(new ApiRoutes(dispatcher, RequestBody.TIME_LIMIT));
        WebServer server = WebServer.builder()
                .bindAddress(address)
                .shutdownHook(false)
                .maxPayloadSize(Dispatcher.MAX_BODY_BYTES)
                .maxTcpConnections(MAX_CONNECTIONS)
                .directHandlers(refusals(dispatcher))
                .addProtocol(Http1Config.builder()
                        .maxHeadersSize(MAX_HEADER_BYTES)
                        .maxPrologueLength(MAX_REQUEST_LINE_BYTES)
                        .build())
                .addRouting(routing)
                .build()
                .start();
        if (!server.isRunning()) {
            throw new IOException("cannot listen on " + address + ", see the log");
        }
        return new HttpServer(server);
    }

    /** The listener says that it will close, and waits for the client to do it; a client waits for the server. */
    private static void closeWhenSaid(FilterChain chain, RoutingRequest request, RoutingResponse response) {
        chain.proceed();
        boolean isLast = request.headers().containsToken(HeaderValues.CONNECTION_CLOSE)
                || response.headers().containsToken(HeaderValues.CONNECTION_CLOSE);
        if (isLast && response.isSent()) {
            throw new CloseConnectionException("last answer of the connection");
        }
    }

    /** The listener below would only log the reason, so it is asked for here. */
    private static void requireFree(InetSocketAddress address) throws IOException {
        try (ServerSocketChannel probe = ServerSocketChannel.open()) {
            probe.bind(address);
        } catch (BindException e) {
            throw new IOException(
                    "cannot listen on " + address.getHostString() + " port " + address.getPort() + ": " + e.getMessage()
                            + "; choose another port or stop what uses it",
                    e);
        }
    }

    /** What the listener itself refuses is shaped as the API's refusals are; it may have come for any route. */
    private static DirectHandlers refusals(Dispatcher dispatcher) {
        DirectHandler handler = (_, _, status, headers, _) -> refusal(dispatcher, status, headers);
        return DirectHandlers.builder()
                .addHandler(EventType.BAD_REQUEST, handler)
                .addHandler(EventType.PAYLOAD_TOO_LARGE, handler)
                .build();
    }

    private static TransportResponse refusal(Dispatcher dispatcher, Status status, ServerResponseHeaders headers) {
        ApiException refusal = status.code() == Status.REQUEST_ENTITY_TOO_LARGE_413.code()
                ? Dispatcher.tooLarge()
                : ApiException.validation("The request is not well-formed HTTP.");
        Response response = dispatcher.refuse(refusal);
        response.headers().forEach((name, value) -> headers.set(HeaderValues.create(name, value)));
        return TransportResponse.builder()
                .status(status)
                .headers(headers)
                .entity(response.body())
                .keepAlive(false)
                .build();
    }

    /** The port that it listens on. */
    public int port() {
        return server.port();
    }

    /** Stops listening and lets running requests end for a moment. */
    @Override
    public void close() {
        server.stop();
    }
}
