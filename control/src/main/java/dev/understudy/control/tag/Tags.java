package dev.understudy.control.tag;

import dev.understudy.control.api.ApiException;
import dev.understudy.control.api.Arn;
import dev.understudy.control.resource.Home;
import dev.understudy.control.store.Columns;
import dev.understudy.control.store.Store;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;

/** The tag operations, the same for every kind of resource. Thread-safe. */
public final class Tags {
    /** The tables whose rows can be tagged, by the type that their ARNs name. */
    private static final Map<String, String> TABLES = Map.ofEntries(
            Map.entry("stage", "stage"),
            Map.entry("composition", "composition"),
            Map.entry("encoder-configuration", "encoder_configuration"),
            Map.entry("storage-configuration", "storage_configuration"),
            Map.entry("public-key", "public_key"),
            Map.entry("ingest-configuration", "ingest_configuration"),
            Map.entry("channel", "channel"),
            Map.entry("stream-key", "stream_key"),
            Map.entry("recording-configuration", "recording_configuration"),
            Map.entry("playback-key", "playback_key_pair"),
            Map.entry("playback-restriction-policy", "playback_restriction_policy"),
            Map.entry("ad-configuration", "ad_configuration"));

    public record ListTagsForResourceRequest(String resourceArn) {}

    public record ListTagsForResourceResponse(Map<String, String> tags) {}

    public record TagResourceRequest(String resourceArn, Map<String, String> tags) {}

    public record UntagResourceRequest(String resourceArn, List<String> tagKeys) {}

    private final Store store;
    private final Home home;

    public Tags(Store store, Home home) {
        this.store = store;
        this.home = home;
    }

    public ListTagsForResourceResponse list(ListTagsForResourceRequest request) {
        String table = table(request.resourceArn());
        return new ListTagsForResourceResponse(store.read(h -> tags(h, table, request.resourceArn())));
    }

    /** Adds tags or changes their values; all or, when they become too many, none. */
    public void tag(TagResourceRequest request) {
        String table = table(request.resourceArn());
        TagRules.check(request.tags().keySet());
        store.update(h -> {
            Map<String, String> tags = tags(h, table, request.resourceArn());
            tags.putAll(request.tags());
            if (tags.size() > TagRules.MAX_TAGS) {
                throw ApiException.invalid("tags", "must have length less than or equal to " + TagRules.MAX_TAGS);
            }
            store(h, table, request.resourceArn(), tags);
        });
    }

    /** Takes tags away; a key that is not there is none's loss. */
    public void untag(UntagResourceRequest request) {
        String table = table(request.resourceArn());
        TagRules.check("tagKeys", request.tagKeys());
        store.update(h -> {
            Map<String, String> tags = tags(h, table, request.resourceArn());
            request.tagKeys().forEach(tags::remove);
            store(h, table, request.resourceArn(), tags);
        });
    }

    private String table(String arn) {
        home.check(arn);
        String table = TABLES.get(Arn.parse(arn).map(Arn::type).orElse(""));
        if (table == null) {
            throw ApiException.notFound(arn);
        }
        return table;
    }

    private static Map<String, String> tags(Handle handle, String table, String arn) {
        return handle.createQuery("SELECT tags FROM " + table + " WHERE arn = ?")
                .bind(0, arn)
                .map((row, _) -> new LinkedHashMap<>(Columns.strings(row, "tags")))
                .findOne()
                .orElseThrow(() -> ApiException.notFound(arn));
    }

    private static void store(Handle handle, String table, String arn, Map<String, String> tags) {
        handle.execute("UPDATE " + table + " SET tags = ? WHERE arn = ?", Columns.json(tags), arn);
    }
}
