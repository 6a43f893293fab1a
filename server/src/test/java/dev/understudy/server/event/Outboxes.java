package dev.understudy.server.event;

import dev.understudy.control.api.Ids;
import dev.understudy.control.event.Detail.StageUpdate;
import dev.understudy.control.event.Events;
import dev.understudy.control.resource.Endpoints;
import dev.understudy.control.resource.Foundation;
import dev.understudy.control.resource.Home;
import dev.understudy.control.resource.Rules;
import dev.understudy.control.store.Pages;
import dev.understudy.control.store.Store;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;

/** An outbox with a database of its own, which a test fills and closes. */
final class Outboxes implements AutoCloseable {
    private final Store store;
    final Events events;

    Outboxes(Path folder) {
        store = Store.open(folder.resolve("understudy.db"));
        events = new Events(new Foundation(
                store,
                new Pages(new byte[32]),
                new Home("us-east-1", "123456789012"),
                new Ids(new Random(1)),
                InstantSource.system(),
                Endpoints.of(URI.create("http://localhost")),
                Rules.IVS));
    }

    /** What happened, all in one transaction: RESOURCE:PARTICIPANT of each. */
    void happened(String... whats) {
        Instant now = Instant.now();
        store.update(h -> List.of(whats).forEach(what -> {
            int colon = what.lastIndexOf(':');
            var detail = new StageUpdate("st", "Participant Published", now, "", what.substring(colon + 1));
            events.outbox().add(h, now, what.substring(0, colon), detail);
        }));
    }

    @Override
    public void close() {
        store.close();
    }
}
