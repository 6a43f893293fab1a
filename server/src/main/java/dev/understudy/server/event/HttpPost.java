package dev.understudy.server.event;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * Sends HTTP POSTs to addresses that have been checked, each over a connection of its own, and follows no redirect.
 *
 * <p>The JDK's client resolves a name itself, so that what was checked and what is connected to may differ; here the
 * checked address is the one that is connected to, while the host's name stays what TLS and the Host header speak of.
 * Thread-safe.
 */
final class HttpPost {
    /** From the resolution of the name to the last byte of the answer. */
    static final Duration TIME_LIMIT = Duration.ofSeconds(10);

    /** Leaves time for another address. */
    private static final int CONNECT_LIMIT_MILLIS = 4_000;

    private static final int HTTP_PORT = 80;
    private static final int HTTPS_PORT = 443;

    /** Finds the addresses of a host. */
    interface Resolver {
        InetAddress[] resolve(String host) throws UnknownHostException;
    }

    private final Resolver resolver;
    private final SSLSocketFactory tls;
    private final Duration timeLimit;

    HttpPost() {
        this(InetAddress::getAllByName, (SSLSocketFactory) SSLSocketFactory.getDefault(), TIME_LIMIT);
    }

    HttpPost(Resolver resolver, SSLSocketFactory tls, Duration timeLimit) {
        this.resolver = resolver;
        this.tls = tls;
        this.timeLimit = timeLimit;
    }

    /** What is read of an answer. */
    private interface Reading<T> {
        T read(InputStream in) throws IOException;
    }

    /** As {@link #send}, and reads the status alone: an answer whose body does not end counts, too. */
    int status(URI url, Map<String, String> headers, byte[] body) throws IOException {
        return send(url, headers, body, HttpAnswer::readStatus);
    }

    /**
     * Sends one request and reads the answer.
     *
     * @param headers without Host, Content-Length and Connection
     * @throws IOException when there is no answer within the time limit; its message can be shown and names the host only
     * @throws InterruptedIOException when the calling thread is interrupted
     */
    HttpAnswer send(URI url, Map<String, String> headers, byte[] body) throws IOException {
        return send(url, headers, body, HttpAnswer::read);
    }

    private <T> T send(URI url, Map<String, String> headers, byte[] body, Reading<T> reading) throws IOException {
        Exchange exchange = new Exchange(url, headers, body);
        var task = new FutureTask<>(() -> exchange.run(reading));
        Thread.ofVirtual().name("event-post").start(task);
        try {
            return task.get(timeLimit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException _) {
            throw new IOException("no answer within " + timeLimit.toSeconds() + " s");
        } catch (InterruptedException _) {
            throw new InterruptedIOException("interrupted while waiting for an answer");
        } catch (ExecutionException e) {
            throw new IOException(message(e.getCause()), e.getCause());
        } finally {
            exchange.abort();
        }
    }

    private static String message(@Nullable Throwable cause) {
        return switch (cause) {
            case UnknownHostException _ -> "the host's name cannot be resolved";
            case IOException e when e.getMessage() != null -> e.getMessage();
            case null -> "no answer";
            default -> cause.getClass().getSimpleName();
        };
    }

    /** One request on a thread of its own; whoever waits for it ends it by closing its socket. */
    private final class Exchange {
        private final URI url;
        private final Map<String, String> headers;
        private final byte[] body;
        private final String host;
        private final boolean isSecure;
        private final int port;
        private Socket socket = new Socket();
        private boolean isAborted;

        Exchange(URI url, Map<String, String> headers, byte[] body) {
            this.url = url;
            this.headers = headers;
            this.body = body;
            this.host = url.getHost().replaceAll("[\\[\\]]", "");
            this.isSecure = "https".equals(url.getScheme());
            this.port = url.getPort() >= 0 ? url.getPort() : isSecure ? HTTPS_PORT : HTTP_PORT;
        }

        <T> T run(Reading<T> reading) throws IOException {
            Socket plain = connect();
            try (Socket connected = isSecure ? secure(plain) : plain) {
                OutputStream out = connected.getOutputStream();
                out.write(head().getBytes(StandardCharsets.ISO_8859_1));
                out.write(body);
                out.flush();
                return reading.read(new BufferedInputStream(connected.getInputStream()));
            }
        }

        /** To the first address that answers. */
        private Socket connect() throws IOException {
            IOException failure = new UnknownHostException(host);
            for (InetAddress address : checkedAddresses()) {
                Socket next = open();
                try {
                    next.connect(new InetSocketAddress(address, port), CONNECT_LIMIT_MILLIS);
                    return next;
                } catch (IOException e) {
                    failure = e;
                    next.close();
                }
            }
            throw failure;
        }

        private synchronized Socket open() throws IOException {
            if (isAborted) {
                throw new IOException("given up");
            }
            socket = new Socket();
            return socket;
        }

        /** The addresses of the host; none when any of them is refused, because then nobody meant well. */
        private InetAddress[] checkedAddresses() throws IOException {
            InetAddress[] addresses = resolver.resolve(host);
            for (InetAddress address : addresses) {
                Optional<String> refusal = AddressRules.refusal(address);
                if (refusal.isPresent()) {
                    throw new IOException("nothing is sent there: " + refusal.get());
                }
            }
            return addresses;
        }

        /** The certificate must be the host's. */
        private Socket secure(Socket plain) throws IOException {
            SSLSocket secured = (SSLSocket) tls.createSocket(plain, host, port, true);
            SSLParameters parameters = secured.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            secured.setSSLParameters(parameters);
            secured.startHandshake();
            return secured;
        }

        private String head() {
            String path = url.getRawPath().isEmpty() ? "/" : url.getRawPath();
            String query = url.getRawQuery() == null ? "" : "?" + url.getRawQuery();
            StringBuilder head = new StringBuilder("POST " + path + query + " HTTP/1.1\r\n");
            head.append("Host: ").append(url.getRawAuthority()).append("\r\n");
            headers.forEach((name, value) ->
                    head.append(name).append(": ").append(value).append("\r\n"));
            return head.append("Content-Length: ")
                    .append(body.length)
                    .append("\r\nConnection: close\r\n\r\n")
                    .toString();
        }

        synchronized void abort() {
            isAborted = true;
            try {
                socket.close();
            } catch (IOException _) {
                // it is of no more use either way
            }
        }
    }
}
