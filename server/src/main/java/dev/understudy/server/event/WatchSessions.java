package dev.understudy.server.event;

import dev.understudy.control.api.AccessKey;
import dev.understudy.control.api.AccessKeys;
import dev.understudy.control.api.Hashes;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The sessions of those who watch a node, for browsers that cannot sign: a token {@code ACCESS-KEY-ID.END.MAC}, for
 * which nothing has to be stored. The id is in base64url, because it may have characters that no cookie may. Thread-safe.
 *
 * <p>A session ends by itself after {@link #LIFETIME}, and when its access key is removed, gets another secret or
 * loses the right to watch.
 */
final class WatchSessions {
    /** A working day. */
    static final Duration LIFETIME = Duration.ofHours(12);

    /** An id of 128 characters, which is all that a signature may name, has up to 683 in base64url. */
    private static final Pattern TOKEN = Pattern.compile("([A-Za-z0-9_-]{2,700})\\.([0-9]{1,12})\\.([0-9a-f]{64})");

    private final byte[] key;
    private final AccessKeys accessKeys;
    private final InstantSource clock;

    /**
     * @param key known to this node alone
     * @param accessKeys those that may watch
     */
    WatchSessions(byte[] key, AccessKeys accessKeys, InstantSource clock) {
        this.key = key.clone();
        this.accessKeys = accessKeys;
        this.clock = clock;
    }

    /** A new session of somebody who has shown that they know an access key. */
    String begin(AccessKey caller) {
        long end = clock.instant().plus(LIFETIME).getEpochSecond();
        String id = Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(caller.id().getBytes(StandardCharsets.UTF_8));
        return id + "." + end + "." + mac(caller, end);
    }

    /** Whether a token is of a session that lasts. */
    boolean isOpen(String token) {
        Matcher form = TOKEN.matcher(token);
        if (!form.matches()) {
            return false;
        }
        long end = Long.parseLong(form.group(2));
        Optional<AccessKey> caller = decoded(form.group(1)).flatMap(accessKeys::find);
        return clock.instant().getEpochSecond() < end
                && caller.filter(k -> areEqual(mac(k, end), form.group(3))).isPresent();
    }

    private static Optional<String> decoded(String id) {
        try {
            return Optional.of(new String(Base64.getUrlDecoder().decode(id), StandardCharsets.UTF_8));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    private String mac(AccessKey caller, long end) {
        String secretDigest = Hashes.hex(Hashes.sha256(caller.secret()));
        return Hashes.hex(Hashes.hmac(key, "watch\n" + caller.id() + "\n" + end + "\n" + secretDigest));
    }

    private static boolean areEqual(String expected, String given) {
        return MessageDigest.isEqual(expected.getBytes(StandardCharsets.UTF_8), given.getBytes(StandardCharsets.UTF_8));
    }
}
