package dev.understudy.server.http;

import dev.understudy.control.api.ApiException;
import dev.understudy.control.api.Dispatcher;
import dev.understudy.server.http.Deadlines.Deadline;
import io.helidon.http.RequestException;
import io.helidon.webserver.http.ServerRequest;
import java.io.IOException;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/**
 * Reads the body of a request whole, within a bound of size and of time.
 *
 * <p>The listener has no time limit for reads. So a virtual thread of its own reads what is not here yet, and the request's
 * thread waits for it no longer than about the limit; a reader left behind ends with the connection, which the caller then
 * closes.
 */
public final class RequestBody {
    /** A body of the greatest size takes this long at 0.5 Mbit/s. */
    public static final Duration TIME_LIMIT = Duration.ofSeconds(20);

    private RequestBody() {}

    /**
     * The body, with any transfer coding removed; empty when there is none.
     *
     * @throws ApiException when it is larger than {@link Dispatcher#MAX_BODY_BYTES}, slower than {@code limit}, or ends
     *     early; answer with {@code Connection: close}
     */
    public static byte[] read(ServerRequest request, Duration limit) {
        if (!request.content().hasEntity()) {
            return new byte[0];
        }
        return hasCome(request) ? readNow(request) : readBefore(limit, request);
    }

    /** Reads and forgets it, within the same bounds; false when something is left behind, and the connection has to end. */
    static boolean discard(ServerRequest request) {
        try {
            read(request, TIME_LIMIT);
            return true;
        } catch (ApiException _) {
            return false;
        }
    }

    /** Most bodies come with their head, and need neither thread nor deadline. */
    private static boolean hasCome(ServerRequest request) {
        OptionalLong length = request.headers().contentLength();
        return length.isPresent() && HttpConnection.hasCome(length.getAsLong());
    }

    private static byte[] readNow(ServerRequest request) {
        try {
            return readAll(request);
        } catch (IOException | RuntimeException e) {
            throw refusal(e);
        }
    }

    private static byte[] readBefore(Duration limit, ServerRequest request) {
        var reading = new FutureTask<>(() -> readAll(request));
        try (Deadline _ = HttpServer.DEADLINES.in(limit, () -> reading.cancel(false))) {
            Thread.ofVirtual().name("request-body").start(reading);
            return reading.get();
        } catch (CancellationException _) {
            throw new ApiException(
                    ApiException.Kind.REQUEST_TIMEOUT, "The request body did not arrive within " + limit);
        } catch (ExecutionException e) {
            throw refusal(e.getCause());
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new ApiException(ApiException.Kind.SERVICE_UNAVAILABLE, "The server is stopping");
        }
    }

    private static byte[] readAll(ServerRequest request) throws IOException {
        byte[] body = request.content().inputStream().readNBytes(Dispatcher.MAX_BODY_BYTES + 1);
        if (body.length > Dispatcher.MAX_BODY_BYTES) {
            throw Dispatcher.tooLarge();
        }
        return body;
    }

    private static ApiException refusal(@Nullable Throwable cause) {
        return switch (cause) {
            case ApiException refusal -> refusal;
            case RequestException e when e.status().code() == 413 -> Dispatcher.tooLarge();
            // Reading does nothing else, so whatever the listener throws is about the bytes that came, or did not.
            case RuntimeException _, IOException _ ->
                ApiException.validation("The request body is incomplete or its transfer coding is malformed.");
            case Error fault -> throw fault;
            case null, default -> throw new IllegalStateException(cause);
        };
    }
}
