package dev.understudy.e2e;

import com.microsoft.playwright.Page;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;

/**
 * {@code publish.html} in a browser: a web application that publishes by WHIP to a server of another origin.
 *
 * <p>Confined to the test's thread.
 */
final class PublishPage implements AutoCloseable {
    private final HttpServer origin;
    private final Page page;

    private PublishPage(HttpServer origin, Page page) {
        this.origin = origin;
        this.page = page;
    }

    static PublishPage open(Chromium chromium) {
        try (InputStream in = PublishPage.class.getResourceAsStream("publish.html")) {
            byte[] html = in.readAllBytes();
            HttpServer origin = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            origin.createContext("/", exchange -> {
                try (exchange) {
                    exchange.getResponseHeaders().add("Content-Type", "text/html");
                    exchange.sendResponseHeaders(200, html.length);
                    exchange.getResponseBody().write(html);
                }
            });
            origin.start();
            Page page = chromium.page();
            page.navigate("http://127.0.0.1:" + origin.getAddress().getPort() + "/");
            return new PublishPage(origin, page);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Opens a session with the browser's own camera and microphone; gives the session's URL. */
    String publish(String endpoint, String token) {
        return (String)
                page.evaluate("([endpoint, token]) => publish(endpoint, token)", new String[] {endpoint, token});
    }

    /** The status that a DELETE of the session is answered with. */
    int end(String session) {
        return (int) page.evaluate("url => fetch(url, {method: 'DELETE'}).then(r => r.status)", session);
    }

    /** What the browser knows about its connection. */
    @SuppressWarnings("unchecked")
    Map<String, Object> state() {
        return (Map<String, Object>) page.evaluate("() => state()");
    }

    double number(String name) {
        return ((Number) state().get(name)).doubleValue();
    }

    /** Lets the page live for a while; Playwright does nothing between calls. */
    void live(double milliseconds) {
        page.waitForTimeout(milliseconds);
    }

    @Override
    public void close() {
        page.close();
        origin.stop(0);
    }
}
