package dev.understudy.control.channel;

import dev.understudy.control.api.ApiException;
import dev.understudy.control.resource.Foundation;
import dev.understudy.control.resource.Quota;
import dev.understudy.control.store.Columns;
import dev.understudy.control.store.Pages;
import dev.understudy.control.store.Table;
import dev.understudy.control.token.ImportedKey;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.statement.StatementContext;

/** The operations on the keys that viewers' tokens for private channels are signed with. Thread-safe. */
public final class PlaybackKeyPairs {
    private static final int MAX_DEFAULT_PAGE = 100;
    private static final Table<PlaybackKeyPair> TABLE = new Table<>("playback_key_pair", PlaybackKeyPairs::read);

    public record PlaybackKeyPair(String arn, String name, String fingerprint, Map<String, String> tags) {}

    public record PlaybackKeyPairSummary(String arn, String name, Map<String, String> tags) {}

    public record ImportPlaybackKeyPairRequest(
            String publicKeyMaterial, Optional<String> name, Map<String, String> tags) {}

    public record ImportPlaybackKeyPairResponse(PlaybackKeyPair keyPair) {}

    public record GetPlaybackKeyPairRequest(String arn) {}

    public record GetPlaybackKeyPairResponse(PlaybackKeyPair keyPair) {}

    public record ListPlaybackKeyPairsRequest(Optional<String> nextToken, Optional<Integer> maxResults) {}

    public record ListPlaybackKeyPairsResponse(List<PlaybackKeyPairSummary> keyPairs, Optional<String> nextToken) {}

    public record DeletePlaybackKeyPairRequest(String arn) {}

    private final Foundation base;

    public PlaybackKeyPairs(Foundation base) {
        this.base = base;
    }

    /** Takes a public key in; one that is there already is a conflict. */
    public ImportPlaybackKeyPairResponse importKeyPair(ImportPlaybackKeyPairRequest request) {
        var key = ImportedKey.of(
                base.newArn("playback-key"), request.name(), request.publicKeyMaterial(), request.tags());
        base.store().update(h -> {
            base.quotas().check(Quota.PLAYBACK_KEY_PAIRS, () -> TABLE.count(h));
            key.insert(h, TABLE);
        });
        return new ImportPlaybackKeyPairResponse(
                new PlaybackKeyPair(key.arn(), key.name(), key.fingerprint(), key.tags()));
    }

    public GetPlaybackKeyPairResponse get(GetPlaybackKeyPairRequest request) {
        base.home().check(request.arn());
        PlaybackKeyPair key = base.store()
                .read(h -> TABLE.find(h, request.arn()))
                .orElseThrow(() -> ApiException.notFound(request.arn()));
        return new GetPlaybackKeyPairResponse(key);
    }

    public ListPlaybackKeyPairsResponse list(ListPlaybackKeyPairsRequest request) {
        int size = request.maxResults().orElse(base.quotas().defaultPage(Quota.PLAYBACK_KEY_PAIRS, MAX_DEFAULT_PAGE));
        Pages.Page<PlaybackKeyPair> page = base.store()
                .read(h -> base.pages()
                        .page("playback-keys", request.nextToken(), size, (seq, limit) -> TABLE.before(h, seq, limit)));
        var summaries = page.items().stream()
                .map(key -> new PlaybackKeyPairSummary(key.arn(), key.name(), key.tags()))
                .toList();
        return new ListPlaybackKeyPairsResponse(summaries, page.nextToken());
    }

    public void delete(DeletePlaybackKeyPairRequest request) {
        base.home().check(request.arn());
        base.store().update(h -> {
            if (!TABLE.delete(h, request.arn())) {
                throw ApiException.notFound(request.arn());
            }
        });
    }

    private static PlaybackKeyPair read(ResultSet row, StatementContext context) throws SQLException {
        return new PlaybackKeyPair(
                row.getString("arn"),
                row.getString("name"),
                row.getString("fingerprint"),
                Columns.strings(row, "tags"));
    }
}
