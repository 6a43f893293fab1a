package dev.understudy.control.store;

import dev.understudy.control.api.ApiException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jdbi.v3.core.mapper.RowMapper;

/**
 * Cuts lists into pages, newest first.
 *
 * <p>A page's token names the last row shown, so that rows which come or go between two calls neither repeat nor hide
 * others, and it still counts after a restart. It carries a MAC over the row, the list and its filters: a token that was
 * made up, changed or taken to another list is refused. Immutable.
 */
public final class Pages {
    private static final int SEQ_BYTES = Long.BYTES;
    private static final int MAC_BYTES = 16;

    /** One row with its place in the list. */
    public record Row<T>(long seq, T value) {}

    /** What one call of a list answers. */
    public record Page<T>(List<T> items, Optional<String> nextToken) {
        public Page {
            items = List.copyOf(items);
        }
    }

    /** Asks for at most {@code limit} rows below {@code seq}, newest first. */
    public interface Fetch<T> {
        List<Row<T>> before(long seq, int limit);
    }

    private final SecretKeySpec key;

    /** @param key 32 random bytes that only this installation knows */
    public Pages(byte[] key) {
        this.key = new SecretKeySpec(key, "HmacSHA256");
    }

    /**
     * One page.
     *
     * @param list what is listed and filtered by what; a token counts for this text only
     * @throws ApiException of kind VALIDATION when the token is not from this list
     */
    public <T> Page<T> page(String list, Optional<String> nextToken, int maxResults, Fetch<T> fetch) {
        long before = nextToken.filter(t -> !t.isEmpty()).map(t -> seq(list, t)).orElse(Long.MAX_VALUE);
        List<Row<T>> rows = fetch.before(before, maxResults + 1);
        List<T> items = rows.stream().limit(maxResults).map(Row::value).toList();
        boolean isLast = rows.size() <= maxResults;
        return new Page<>(
                items,
                isLast
                        ? Optional.empty()
                        : Optional.of(token(list, rows.get(maxResults - 1).seq())));
    }

    /** Reads a row and its place. */
    public static <T> RowMapper<Row<T>> row(RowMapper<T> mapper) {
        return (row, context) -> new Row<>(row.getLong("seq"), mapper.map(row, context));
    }

    private String token(String list, long seq) {
        byte[] place = ByteBuffer.allocate(SEQ_BYTES).putLong(seq).array();
        byte[] token = ByteBuffer.allocate(SEQ_BYTES + MAC_BYTES)
                .put(place)
                .put(mac(list, place))
                .array();
        return Base64.getUrlEncoder().withoutPadding().encodeToString(token);
    }

    private long seq(String list, String token) {
        byte[] bytes = bytes(token);
        byte[] place = Arrays.copyOf(bytes, SEQ_BYTES);
        byte[] mac = Arrays.copyOfRange(bytes, SEQ_BYTES, SEQ_BYTES + MAC_BYTES);
        if (bytes.length != SEQ_BYTES + MAC_BYTES || !MessageDigest.isEqual(mac, mac(list, place))) {
            throw refused();
        }
        return ByteBuffer.wrap(place).getLong();
    }

    private static byte[] bytes(String token) {
        try {
            byte[] bytes = Base64.getUrlDecoder().decode(token);
            return bytes.length < SEQ_BYTES ? new byte[SEQ_BYTES] : bytes;
        } catch (IllegalArgumentException e) {
            throw refused();
        }
    }

    private static ApiException refused() {
        return ApiException.invalid("nextToken", "must be a token that the same list returned");
    }

    private byte[] mac(String list, byte[] place) {
        try {
            Mac mac = Mac.getInstance(key.getAlgorithm());
            mac.init(key);
            mac.update(place);
            return Arrays.copyOf(mac.doFinal(list.getBytes(StandardCharsets.UTF_8)), MAC_BYTES);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has HmacSHA256", e);
        }
    }
}
