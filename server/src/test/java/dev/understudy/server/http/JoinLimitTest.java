package dev.understudy.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JoinLimitTest {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private long now = Long.MAX_VALUE - SECOND;
    private final JoinLimit limit = new JoinLimit(2, () -> now);

    private boolean allows(String address) throws UnknownHostException {
        return limit.allows(InetAddress.getByName(address));
    }

    @Test
    void allowsABurstOfOneSecondAndThenAsMuchAsTimeBrings() throws Exception {
        assertThat(allows("192.0.2.1")).isTrue();
        assertThat(allows("192.0.2.1")).isTrue();
        assertThat(allows("192.0.2.1")).isFalse();

        now += SECOND / 2 - 1;
        assertThat(allows("192.0.2.1")).isFalse();
        now += 2;
        assertThat(allows("192.0.2.1")).isTrue();
        assertThat(allows("192.0.2.1")).isFalse();
        assertThat(limit.refused()).isEqualTo(3);
    }

    @Test
    void aPauseFillsNoMoreThanOneBurst() throws Exception {
        assertThat(allows("192.0.2.1")).isTrue();

        now += 100 * SECOND;

        assertThat(allows("192.0.2.1")).isTrue();
        assertThat(allows("192.0.2.1")).isTrue();
        assertThat(allows("192.0.2.1")).isFalse();
    }

    @Test
    void refilledItAllowsABurstAtOnce() throws Exception {
        allows("192.0.2.1");
        allows("192.0.2.1");
        assertThat(allows("192.0.2.1")).isFalse();

        limit.refill();

        assertThat(allows("192.0.2.1")).isTrue();
        assertThat(limit.refused()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            192.0.2.1,   192.0.2.2,     true
            2001:db8::1, 2001:db8::2,   false
            2001:db8::1, 2001:db8:0:1::1, true
            ::ffff:192.0.2.1, 192.0.2.1, false
            """)
    void countsIpv4AddressesAndIpv6Networks(String first, String second, boolean areApart) throws Exception {
        allows(first);
        allows(first);

        assertThat(allows(second)).isEqualTo(areApart);
    }

    @Test
    void forgetsTheAddressThatWasQuietForLongest() throws Exception {
        allows("192.0.2.1");
        allows("192.0.2.1");
        allows("192.0.2.2");
        allows("192.0.2.2");
        allows("192.0.2.1");
        for (int i = 0; i < JoinLimit.MAX_ADDRESSES - 1; i++) {
            allows("10.0." + (i >> 8) + "." + (i & 255));
        }

        assertThat(allows("192.0.2.1")).isFalse();
        assertThat(allows("192.0.2.2")).isTrue();
    }

    @Test
    void whatLetsNobodyInIsAMistake() {
        assertThatThrownBy(() -> new JoinLimit(0, () -> now)).hasMessage("nobody could join at 0 a second");
    }
}
