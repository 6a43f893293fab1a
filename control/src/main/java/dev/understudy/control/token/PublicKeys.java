package dev.understudy.control.token;

import dev.understudy.control.api.ApiException;
import dev.understudy.control.resource.Foundation;
import dev.understudy.control.resource.Quota;
import dev.understudy.control.store.Columns;
import dev.understudy.control.store.Pages;
import dev.understudy.control.store.Table;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;

/** The public key operations of the control API. Thread-safe. */
public final class PublicKeys {
    private static final int DEFAULT_PAGE = 50;
    private static final Table<PublicKey> TABLE = new Table<>("public_key", PublicKeys::read);

    public record PublicKey(
            String arn, String name, String publicKeyMaterial, String fingerprint, Map<String, String> tags) {}

    public record PublicKeySummary(String arn, String name, Map<String, String> tags) {}

    public record ImportPublicKeyRequest(String publicKeyMaterial, Optional<String> name, Map<String, String> tags) {}

    public record ImportPublicKeyResponse(PublicKey publicKey) {}

    public record GetPublicKeyRequest(String arn) {}

    public record GetPublicKeyResponse(PublicKey publicKey) {}

    public record ListPublicKeysRequest(Optional<String> nextToken, Optional<Integer> maxResults) {}

    public record ListPublicKeysResponse(List<PublicKeySummary> publicKeys, Optional<String> nextToken) {}

    public record DeletePublicKeyRequest(String arn) {}

    private final Foundation base;

    public PublicKeys(Foundation base) {
        this.base = base;
    }

    /** Takes a key in; one that is there already is a conflict. */
    public ImportPublicKeyResponse importKey(ImportPublicKeyRequest request) {
        var key =
                ImportedKey.of(base.newArn("public-key"), request.name(), request.publicKeyMaterial(), request.tags());
        base.store().update(h -> {
            base.quotas().check(Quota.PUBLIC_KEYS, () -> TABLE.count(h));
            key.insert(h, TABLE);
        });
        return new ImportPublicKeyResponse(
                new PublicKey(key.arn(), key.name(), key.material(), key.fingerprint(), key.tags()));
    }

    public GetPublicKeyResponse get(GetPublicKeyRequest request) {
        base.home().check(request.arn());
        PublicKey key = base.store()
                .read(h -> TABLE.find(h, request.arn()))
                .orElseThrow(() -> ApiException.notFound(request.arn()));
        return new GetPublicKeyResponse(key);
    }

    public ListPublicKeysResponse list(ListPublicKeysRequest request) {
        int size = request.maxResults().orElse(DEFAULT_PAGE);
        Pages.Page<PublicKey> page = base.store()
                .read(h -> base.pages()
                        .page("public-keys", request.nextToken(), size, (seq, limit) -> TABLE.before(h, seq, limit)));
        var summaries = page.items().stream()
                .map(key -> new PublicKeySummary(key.arn(), key.name(), key.tags()))
                .toList();
        return new ListPublicKeysResponse(summaries, page.nextToken());
    }

    /** From now on tokens signed with its private half count no more; who has joined stays. */
    public void delete(DeletePublicKeyRequest request) {
        base.home().check(request.arn());
        base.store().update(h -> {
            if (!TABLE.delete(h, request.arn())) {
                throw ApiException.notFound(request.arn());
            }
        });
    }

    /** The key that a token names, in PEM. */
    static Optional<String> material(Handle handle, String arn) {
        return TABLE.find(handle, arn).map(PublicKey::publicKeyMaterial);
    }

    private static PublicKey read(ResultSet row, StatementContext context) throws SQLException {
        return new PublicKey(
                row.getString("arn"),
                row.getString("name"),
                row.getString("material"),
                row.getString("fingerprint"),
                Columns.strings(row, "tags"));
    }
}
