package dev.understudy.server.http;

import dev.understudy.server.http.Deadlines.Deadline;
import io.helidon.common.buffers.DataReader;
import io.helidon.common.buffers.DataWriter;
import io.helidon.common.concurrency.limits.Limit;
import io.helidon.common.socket.HelidonSocket;
import io.helidon.common.socket.PeerInfo;
import io.helidon.common.task.InterruptableTask;
import io.helidon.http.Headers;
import io.helidon.http.HttpPrologue;
import io.helidon.http.Method;
import io.helidon.http.Status;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.ListenerContext;
import io.helidon.webserver.ProxyProtocolData;
import io.helidon.webserver.Router;
import io.helidon.webserver.ServerConnectionException;
import io.helidon.webserver.http1.Http1Connection;
import io.helidon.webserver.http1.Http1ConnectionListener;
import io.helidon.webserver.http1.Http1ConnectionSelector;
import io.helidon.webserver.spi.ServerConnection;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import org.jspecify.annotations.Nullable;

/**
 * One connection of the listener's HTTP/1.1, with what that leaves open:
 *
 * <ul>
 *   <li>The head of a request must arrive within a time: a byte now and then would keep a connection for ever.
 *   <li>An answer must be taken within a time: a client that reads nothing would keep a connection for ever, too.
 *   <li>An answer to HEAD has no content, whichever route made it (RFC 9110 section 9.3.2).
 *   <li>A client that is refused while it sends still gets to read why: closing at once resets the connection, and
 *       takes the answer with it (RFC 9112 section 9.6).
 * </ul>
 *
 * <p>It stands between the protocol and its socket, as the context that the protocol is given. Confined to the
 * connection's thread, or the one that reads a body while that waits, but for {@link #close}, {@link #idleTime} and
 * {@link #canInterrupt}.
 */
final class HttpConnection implements ServerConnection, InterruptableTask<Void>, ConnectionContext {
    /** From its first byte to its last; presigned URLs and all, a head has a few KiB. */
    static final Duration HEAD_LIMIT = Duration.ofSeconds(20);

    /** How long a client that was refused may go on sending; one that waits for us to close waits as long. */
    static final Duration LINGER_LIMIT = Duration.ofSeconds(2);

    /** For what is written at once, a segment at most: a client that takes less than that is not there any more. */
    static final Duration WRITE_LIMIT = Duration.ofMinutes(5);

    /** What is read of such a client, and thrown away. */
    private static final long MAX_LINGER_BYTES = 16L << 20;

    /** Answers to a client that is likely to be sending yet: too large a body, request line or head. */
    private static final Set<Integer> CUT_OFF = Set.of(413, 414, 431);

    private static final ScopedValue<HttpConnection> CURRENT = ScopedValue.newInstance();

    private final ConnectionContext connected;
    private final Deadlines deadlines;
    private final DataReader reader = DataReader.create(this::receive);
    private final AnswerWriter writer;
    private final Http1Connection http1;
    private @Nullable Deadline headDeadline;
    private @Nullable Method method;
    private int answeredStatus;
    private boolean isSendingYet;
    private volatile boolean isClosing;

    HttpConnection(ConnectionContext connected, Http1ConnectionSelector protocol, Deadlines deadlines) {
        this.connected = connected;
        this.deadlines = deadlines;
        this.writer = new AnswerWriter(connected.dataWriter(), () -> deadlines.in(WRITE_LIMIT, this::closeSocket));
        this.http1 = (Http1Connection) protocol.connection(this);
    }

    /** Tells a connection how far its request has come. */
    static final class RequestProgress implements Http1ConnectionListener {
        @Override
        public void prologue(ConnectionContext context, HttpPrologue prologue) {
            ((HttpConnection) context).requestLineCame(prologue.method());
        }

        @Override
        public void headers(ConnectionContext context, Headers headers) {
            ((HttpConnection) context).headIsOver();
        }
    }

    /** Tells a connection what it answers. */
    static final class AnswerProgress implements Http1ConnectionListener {
        @Override
        public void status(ConnectionContext context, Status status) {
            ((HttpConnection) context).answers(status);
        }
    }

    /** Whether the next bytes of the connection whose request this thread handles are here: reading them waits for nothing. */
    static boolean hasCome(long bytes) {
        return CURRENT.isBound() && CURRENT.get().reader.available() >= bytes;
    }

    /** The connection whose request this thread handles ends with it, and its client may go on sending for a while. */
    static void leaveBody() {
        if (CURRENT.isBound()) {
            CURRENT.get().isSendingYet = true;
        }
    }

    /** Between two requests the protocol may be interrupted; the first byte that comes then begins another head. */
    private byte @Nullable [] receive() {
        byte[] bytes = read();
        if (http1.canInterrupt()) {
            headBegins();
        }
        return bytes;
    }

    private void headBegins() {
        if (headDeadline == null) {
            headDeadline = deadlines.in(HEAD_LIMIT, this::closeSocket);
        }
    }

    private byte @Nullable [] read() {
        try {
            return connected.serverSocket().get();
        } catch (UncheckedIOException e) {
            throw new ServerConnectionException("connection broke", e);
        }
    }

    private void closeSocket() {
        try {
            connected.serverSocket().close();
        } catch (UncheckedIOException _) {
            // It is closed already, which is all that is wanted.
        }
    }

    /** A request line that came with the request before has its first byte behind it. */
    private void requestLineCame(Method itsMethod) {
        headBegins();
        method = itsMethod;
        writer.begin(true);
    }

    private void headIsOver() {
        Deadline begun = headDeadline;
        if (begun != null) {
            begun.close();
            headDeadline = null;
        }
    }

    /** A request line that cannot be read is refused while the method known is that of the request before. */
    private void answers(Status status) {
        answeredStatus = status.code();
        writer.begin(!Method.HEAD.equals(method) || http1.canInterrupt());
    }

    @Override
    public void handle(Limit limit) throws InterruptedException {
        try {
            ScopedValue.where(CURRENT, this).call(() -> {
                http1.handle(limit);
                return this;
            });
        } finally {
            headIsOver();
            if ((isSendingYet || CUT_OFF.contains(answeredStatus)) && !isClosing) {
                linger();
            }
        }
    }

    private void linger() {
        try (Deadline _ = deadlines.in(LINGER_LIMIT, this::closeSocket)) {
            long left = MAX_LINGER_BYTES;
            for (byte[] more = read(); more != null && left > 0; more = read()) {
                left -= more.length;
            }
        } catch (ServerConnectionException _) {
            // By the client, or by us because it was time.
        }
    }

    @Override
    public Duration idleTime() {
        return http1.idleTime();
    }

    @Override
    public void close(boolean interrupt) {
        isClosing = true;
        http1.close(interrupt);
    }

    @Override
    public boolean canInterrupt() {
        return http1.canInterrupt();
    }

    @Override
    public DataReader dataReader() {
        return reader;
    }

    @Override
    public DataWriter dataWriter() {
        return writer;
    }

    @Override
    public HelidonSocket serverSocket() {
        return connected.serverSocket();
    }

    @Override
    public ListenerContext listenerContext() {
        return connected.listenerContext();
    }

    @Override
    public ExecutorService executor() {
        return connected.executor();
    }

    @Override
    public Router router() {
        return connected.router();
    }

    @Override
    public Optional<ProxyProtocolData> proxyProtocolData() {
        return connected.proxyProtocolData();
    }

    @Override
    public PeerInfo remotePeer() {
        return connected.remotePeer();
    }

    @Override
    public PeerInfo localPeer() {
        return connected.localPeer();
    }

    @Override
    public boolean isSecure() {
        return connected.isSecure();
    }

    @Override
    public String socketId() {
        return connected.socketId();
    }

    @Override
    public String childSocketId() {
        return connected.childSocketId();
    }
}
