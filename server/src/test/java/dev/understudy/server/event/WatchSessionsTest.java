package dev.understudy.server.event;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.control.api.AccessKey;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WatchSessionsTest {
    private static final AccessKey KEY = new AccessKey("AKID", "default", "secret", Optional.empty());

    private final Map<String, AccessKey> keys = new HashMap<>(Map.of("AKID", KEY));
    private Instant now = Instant.parse("2026-11-01T10:30:00Z");
    private final WatchSessions sessions = sessions((byte) 1);

    private WatchSessions sessions(byte keyByte) {
        return new WatchSessions(new byte[] {keyByte}, id -> Optional.ofNullable(keys.get(id)), () -> now);
    }

    @Test
    void lastsForTwelveHours() {
        String token = sessions.begin(KEY);

        now = now.plus(WatchSessions.LIFETIME).minusSeconds(1);
        assertThat(sessions.isOpen(token)).isTrue();
        now = now.plusSeconds(1);
        assertThat(sessions.isOpen(token)).isFalse();
        assertThat(WatchSessions.LIFETIME).isEqualTo(Duration.ofHours(12));
    }

    @Test
    void endsWithItsAccessKeyAndWithItsSecret() {
        String token = sessions.begin(KEY);

        keys.put("AKID", new AccessKey("AKID", "default", "another", Optional.empty()));
        assertThat(sessions.isOpen(token)).isFalse();
        keys.remove("AKID");
        assertThat(sessions.isOpen(token)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "my.key", "a+b=c;d,e", "\"quoted\"", "schlüssel", "\ud83d\udd11"})
    void isOfAnyAccessKeyThatCanSign(String id) {
        AccessKey key = new AccessKey(id, "other", "secret", Optional.empty());
        keys.put(id, key);
        String longest = id.repeat(128 / id.length());
        keys.put(longest, new AccessKey(longest, "longest", "secret", Optional.empty()));

        assertThat(sessions.begin(key)).matches("[A-Za-z0-9._-]+");
        assertThat(sessions.isOpen(sessions.begin(key))).isTrue();
        assertThat(sessions.isOpen(sessions.begin(keys.get(longest)))).isTrue();
    }

    @Test
    void isOfOneNode() {
        assertThat(sessions((byte) 2).isOpen(sessions.begin(KEY))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "QUtJRA.1.00", "QUtJRA.99999999999.", "QUtJRA", "A.1.00", "QUtJR.1.00"})
    void refusesWhatIsNoToken(String token) {
        assertThat(sessions.isOpen(token)).isFalse();
    }

    @Test
    void refusesATokenWhoseEndOrKeyWasChanged() {
        keys.put("AKIE", new AccessKey("AKIE", "default", "secret", Optional.empty()));
        String token = sessions.begin(KEY);
        String end = token.split("\\.", -1)[1];

        assertThat(sessions.isOpen(token.replace(end, "9" + end))).isFalse();
        assertThat(sessions.isOpen(token.replace("QUtJRA", "QUtJRQ"))).isFalse();
        assertThat(sessions.isOpen(token.substring(0, token.length() - 1) + (token.endsWith("0") ? "1" : "0")))
                .isFalse();
    }
}
