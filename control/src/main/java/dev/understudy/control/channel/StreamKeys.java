package dev.understudy.control.channel;

import dev.understudy.control.api.ApiException;
import dev.understudy.control.channel.BatchError.Batch;
import dev.understudy.control.resource.Foundation;
import dev.understudy.control.resource.Home;
import dev.understudy.control.resource.Quotas;
import dev.understudy.control.store.Columns;
import dev.understudy.control.store.Pages;
import dev.understudy.control.store.Table;
import dev.understudy.control.tag.TagRules;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;

/** The stream key operations. A channel has one key or none. Thread-safe. */
public final class StreamKeys {
    private static final int DEFAULT_PAGE = 1;
    private static final int KEYS_PER_CHANNEL = 1;
    private static final Table<StreamKey> TABLE = new Table<>("stream_key", StreamKeys::read);

    /** As the API shows it. */
    public record StreamKey(String arn, String value, String channelArn, Map<String, String> tags) {
        @Override
        public String toString() {
            return "StreamKey[arn=" + arn + "]";
        }
    }

    public record StreamKeySummary(String arn, String channelArn, Map<String, String> tags) {}

    public record CreateStreamKeyRequest(String channelArn, Map<String, String> tags) {}

    public record CreateStreamKeyResponse(StreamKey streamKey) {}

    public record GetStreamKeyRequest(String arn) {}

    public record GetStreamKeyResponse(StreamKey streamKey) {}

    public record BatchGetStreamKeyRequest(List<String> arns) {}

    public record BatchGetStreamKeyResponse(List<StreamKey> streamKeys, List<BatchError> errors) {}

    public record ListStreamKeysRequest(String channelArn, Optional<String> nextToken, Optional<Integer> maxResults) {}

    public record ListStreamKeysResponse(List<StreamKeySummary> streamKeys, Optional<String> nextToken) {}

    public record DeleteStreamKeyRequest(String arn) {}

    private final Foundation base;

    public StreamKeys(Foundation base) {
        this.base = base;
    }

    public CreateStreamKeyResponse create(CreateStreamKeyRequest request) {
        base.home().check(request.channelArn());
        TagRules.check(request.tags().keySet());
        StreamKey key = make(base, request.channelArn(), request.tags());
        base.store().update(h -> {
            Channels.check(h, request.channelArn());
            int present = before(h, request.channelArn(), Long.MAX_VALUE, KEYS_PER_CHANNEL)
                    .size();
            Quotas.check("stream key for a channel", present, KEYS_PER_CHANNEL);
            insert(h, key);
        });
        return new CreateStreamKeyResponse(key);
    }

    public GetStreamKeyResponse get(GetStreamKeyRequest request) {
        return new GetStreamKeyResponse(base.store().read(h -> require(h, request.arn())));
    }

    public BatchGetStreamKeyResponse batchGet(BatchGetStreamKeyRequest request) {
        Batch<StreamKey> batch = base.store().read(h -> BatchError.batch(request.arns(), arn -> require(h, arn)));
        return new BatchGetStreamKeyResponse(batch.found(), batch.errors());
    }

    public ListStreamKeysResponse list(ListStreamKeysRequest request) {
        base.home().check(request.channelArn());
        Pages.Page<StreamKey> page = base.store().read(h -> {
            Channels.check(h, request.channelArn());
            return base.pages()
                    .page(
                            "stream-keys " + request.channelArn(),
                            request.nextToken(),
                            request.maxResults().orElse(DEFAULT_PAGE),
                            (seq, limit) -> before(h, request.channelArn(), seq, limit));
        });
        var summaries = page.items().stream()
                .map(key -> new StreamKeySummary(key.arn(), key.channelArn(), key.tags()))
                .toList();
        return new ListStreamKeysResponse(summaries, page.nextToken());
    }

    /** From now on nobody can stream with it. */
    public void delete(DeleteStreamKeyRequest request) {
        base.home().check(request.arn());
        base.store().update(h -> {
            if (!TABLE.delete(h, request.arn())) {
                throw ApiException.notFound(request.arn());
            }
        });
    }

    /** A fresh key of the form {@code sk_<region>_<id>_<secret>}, not stored yet. */
    static StreamKey make(Foundation base, String channelArn, Map<String, String> tags) {
        String arn = base.newArn("stream-key");
        String value = "sk_" + base.home().region() + "_" + Home.id(arn) + "_"
                + base.ids().next();
        return new StreamKey(arn, value, channelArn, tags);
    }

    static void insert(Handle handle, StreamKey key) {
        handle.execute(
                "INSERT INTO stream_key (arn, channel_arn, value, tags) VALUES (?, ?, ?, ?)",
                key.arn(),
                key.channelArn(),
                key.value(),
                Columns.json(key.tags()));
    }

    private StreamKey require(Handle handle, String arn) {
        base.home().check(arn);
        return TABLE.find(handle, arn).orElseThrow(() -> ApiException.notFound(arn));
    }

    private static List<Pages.Row<StreamKey>> before(Handle handle, String channelArn, long seq, int limit) {
        return handle.createQuery(
                        "SELECT * FROM stream_key WHERE channel_arn = ? AND seq < ? ORDER BY seq DESC LIMIT ?")
                .bind(0, channelArn)
                .bind(1, seq)
                .bind(2, limit)
                .map(Pages.row(StreamKeys::read))
                .list();
    }

    private static StreamKey read(ResultSet row, StatementContext context) throws SQLException {
        return new StreamKey(
                row.getString("arn"),
                row.getString("value"),
                row.getString("channel_arn"),
                Columns.strings(row, "tags"));
    }
}
