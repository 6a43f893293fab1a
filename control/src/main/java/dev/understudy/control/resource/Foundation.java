package dev.understudy.control.resource;

import dev.understudy.control.api.Ids;
import dev.understudy.control.store.Pages;
import dev.understudy.control.store.Store;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;

/** What every service stands on. Immutable, and each part of it is thread-safe. */
public record Foundation(
        Store store, Pages pages, Home home, Ids ids, InstantSource clock, Endpoints endpoints, Rules rules) {

    public Quotas quotas() {
        return rules.quotas();
    }

    /** The present, as exactly as the store keeps it. */
    public Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }

    /** A fresh ARN of ours. */
    public String newArn(String type) {
        return home.arn(type, ids.next());
    }
}
