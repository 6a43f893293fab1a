package dev.understudy.server.http;

import dev.understudy.control.api.Dispatcher;
import io.helidon.http.HeaderValues;
import io.helidon.http.HttpPrologue;
import io.helidon.http.media.ReadableEntity;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.ErrorHandling;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.FilterChain;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;
import io.helidon.webserver.http1.Http1Config;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.UnresolvedAddressException;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The node's one HTTP listener: routes of its own first, the control API for everything else.
 *
 * <p>Each request has a virtual thread, so handlers block freely. The listener bounds what it reads before a handler
 * sees it: request line, headers and their time, body, connections. It installs no shutdown hook; who started it closes
 * it. Thread-safe.
 */
public final class HttpServer implements AutoCloseable {
    /** Headers of a request; the longest presigned credentials with a session token have some 2 KiB. */
    static final int MAX_HEADER_BYTES = 16 << 10;

    /** The request line; presigned queries carry a session token. */
    static final int MAX_REQUEST_LINE_BYTES = 8 << 10;

    /** Connections at a time; each costs a virtual thread and a few buffers, players keep one or two. */
    private static final int MAX_CONNECTIONS = 20_000;

    private static final Pattern ABSOLUTE = Pattern.compile("(?i)https?://[^/]*(?<path>.*)");

    /** Of all servers and requests of this process. */
    static final Deadlines DEADLINES = Deadlines.watched();

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
        return start(address, dispatcher, others, DEADLINES);
    }

    static HttpServer start(
            InetSocketAddress address, Dispatcher dispatcher, Consumer<HttpRouting.Builder> others, Deadlines deadlines)
            throws IOException {
        HttpRouting.Builder routing = HttpRouting.builder()
                .addFilter(HttpServer::closeWhenSaid)
                .addFilter(HttpServer::readToTheEnd)
                .addFilter(HttpServer::toOriginForm);
        others.accept(routing);
        routing.any(new ApiRoutes(dispatcher, RequestBody.TIME_LIMIT));
        WebServer server = WebServer.builder()
                .bindAddress(address)
                .shutdownHook(false)
                .maxPayloadSize(Dispatcher.MAX_BODY_BYTES)
                .maxTcpConnections(MAX_CONNECTIONS)
                .directHandlers(Refusals.by(dispatcher))
                .errorHandling(ErrorHandling.builder().includeEntity(true).build())
                .protocolsDiscoverServices(false)
                .addConnectionSelector(new HttpProtocol(
                        Http1Config.builder()
                                .maxHeadersSize(MAX_HEADER_BYTES)
                                .maxPrologueLength(MAX_REQUEST_LINE_BYTES),
                        deadlines))
                .addRouting(routing)
                .build()
                .start();
        if (!server.isRunning()) {
            throw cannotListen(address);
        }
        return new HttpServer(server);
    }

    /** What nobody has read of a request would be read as the next one, or be waited for without end. */
    private static void readToTheEnd(FilterChain chain, RoutingRequest request, RoutingResponse response) {
        chain.proceed();
        ReadableEntity content = request.content();
        if (!content.hasEntity() || content.consumed()) {
            return;
        }
        boolean isInvited = !request.headers().contains(HeaderValues.EXPECT_100) || request.continueSent();
        if (!isInvited || !RequestBody.discard(request)) {
            HttpConnection.leaveBody();
            throw new CloseConnectionException("a body that was not read is left behind");
        }
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

    /** The listener only logs why it does not listen, so that is found out once more. */
    private static IOException cannotListen(InetSocketAddress address) {
        String refusal = "cannot listen on " + address.getHostString() + " port " + address.getPort();
        try (ServerSocketChannel probe = ServerSocketChannel.open()) {
            probe.bind(address);
            return new IOException(refusal + " at this moment; try again");
        } catch (IOException e) {
            return new IOException(refusal + ": " + e.getMessage() + "; choose another port or stop what uses it", e);
        } catch (UnresolvedAddressException e) {
            return new IOException(refusal + ": there is no such host", e);
        }
    }

    /**
     * Routes a target in absolute form, as proxies send it, by its path (RFC 9112 section 3.2.2). So a signature is
     * checked on the path, too.
     */
    private static void toOriginForm(FilterChain chain, RoutingRequest request, RoutingResponse response) {
        HttpPrologue prologue = request.prologue();
        Matcher absolute = ABSOLUTE.matcher(prologue.uriPath().rawPath());
        if (absolute.matches()) {
            String path = absolute.group("path").isEmpty() ? "/" : absolute.group("path");
            String query = prologue.hasQuery() ? "?" + prologue.query().rawValue() : "";
            request.prologue(HttpPrologue.create(
                    prologue.rawProtocol(),
                    prologue.protocol(),
                    prologue.protocolVersion(),
                    prologue.method(),
                    path + query,
                    true));
        }
        chain.proceed();
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
