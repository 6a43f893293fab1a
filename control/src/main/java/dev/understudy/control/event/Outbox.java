package dev.understudy.control.event;

import dev.understudy.control.resource.Foundation;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/**
 * Where events are put for those who wait for them: in the database, by the transaction that makes them true, so that
 * neither is there without the other.
 *
 * <p>Thread-safe. It costs one insert; who receives what, and when, is found out later and elsewhere.
 */
public final class Outbox {
    private static final String SOURCE = "aws.ivs";

    private final Foundation base;

    /** Confined to the store's writing thread. */
    private boolean hasNews;

    Outbox(Foundation base) {
        this.base = base;
    }

    /** Puts an event about one resource, with its ARN, into the transaction that {@code handle} has open. */
    public void add(Handle handle, Instant at, String resource, Detail detail) {
        String id = UUID.randomUUID().toString();
        String envelope = new Envelope(
                        "0",
                        id,
                        detail.detailType(),
                        SOURCE,
                        base.home().account(),
                        Envelope.shown(at),
                        base.home().region(),
                        List.of(resource),
                        detail)
                .json();
        EventRows.insert(handle, id, resource, at, envelope, envelope.getBytes(StandardCharsets.UTF_8).length);
        hasNews = true;
    }

    /** Whether anything was added since this was asked last. On the store's writing thread, as every {@link #add}. */
    boolean takeNews() {
        boolean news = hasNews;
        hasNews = false;
        return news;
    }
}
