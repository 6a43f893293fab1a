package dev.understudy.server.publish;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.protocol.stun.IceCredentials;
import dev.understudy.protocol.stun.StunMessage;
import dev.understudy.protocol.stun.StunResponder;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class IceChecksTest {
    private static final IceCredentials OURS = new IceCredentials("ours", "ourPassword");
    private static final IceCredentials THEIRS = new IceCredentials("theirs", "theirPassword");
    private static final InetSocketAddress DEAD = new InetSocketAddress("192.0.2.1", 1);
    private static final InetSocketAddress ALIVE = new InetSocketAddress("192.0.2.2", 2);
    private static final InetSocketAddress US = new InetSocketAddress("192.0.2.3", 3);

    private final StunResponder server = new StunResponder(THEIRS);
    private final List<ByteBuffer> sent = new ArrayList<>();
    private final List<InetSocketAddress> sentTo = new ArrayList<>();
    private final IceChecks checks = new IceChecks(OURS, THEIRS, List.of(DEAD, ALIVE), new SplittableRandom(1), 0);

    private void elapsed(long nowNanos) {
        sent.clear();
        sentTo.clear();
        checks.elapsed(nowNanos, (datagram, peer) -> {
            sent.add(datagram);
            sentTo.add(peer);
        });
    }

    private StunMessage answer(ByteBuffer request) {
        byte[] response = server.answer(request, US).orElseThrow().response();
        return StunMessage.parse(ByteBuffer.wrap(response));
    }

    @Test
    void asksAllCandidatesUntilOneAnswers() {
        elapsed(0);
        assertThat(sentTo).containsExactly(DEAD, ALIVE);
        assertThat(server.answer(sent.getLast(), US).orElseThrow().nominated()).isTrue();

        checks.received(answer(sent.getLast()), ALIVE, 10);

        assertThat(checks.selected()).isEqualTo(ALIVE);
        elapsed(checks.deadlineNanos());
        assertThat(sentTo).containsExactly(ALIVE);
    }

    @Test
    void asksAgainAtGrowingIntervals() {
        List<Long> millis = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            millis.add(TimeUnit.NANOSECONDS.toMillis(checks.deadlineNanos()));
            elapsed(checks.deadlineNanos());
        }

        assertThat(millis).containsExactly(0L, 100L, 300L, 700L, 1_500L, 3_100L, 4_700L);
    }

    @Test
    void isSilentBeforeItIsTime() {
        elapsed(0);
        elapsed(IceChecks.FIRST_RETRY_NANOS - 1);

        assertThat(sent).isEmpty();
    }

    @Test
    void ignoresWhatItDidNotAskOrIsNotTheServers() {
        elapsed(0);
        StunMessage good = answer(sent.getLast());
        byte[] forged = StunMessage.bindingSuccess(good.transactionId(), US, "guess");
        byte[] unasked = StunMessage.bindingSuccess(new byte[12], US, THEIRS.password());

        checks.received(StunMessage.parse(ByteBuffer.wrap(forged)), ALIVE, 10);
        checks.received(StunMessage.parse(ByteBuffer.wrap(unasked)), ALIVE, 10);
        checks.received(good, US, 10);
        assertThat(checks.selected()).isNull();

        checks.received(good, ALIVE, 10);
        assertThat(checks.selected()).isEqualTo(ALIVE);
    }

    @Test
    void losesConsentWithoutAnswers() {
        elapsed(0);
        checks.received(answer(sent.getLast()), ALIVE, 0);

        for (long now = 0; now < IceChecks.CONSENT_LASTS_NANOS; now = checks.deadlineNanos()) {
            assertThat(checks.hasConsent(now)).isTrue();
            elapsed(now);
        }
        assertThat(checks.hasConsent(IceChecks.CONSENT_LASTS_NANOS)).isFalse();
    }

    @Test
    void keepsConsentWithAnswers() {
        elapsed(0);
        checks.received(answer(sent.getLast()), ALIVE, 0);

        long previous = 0;
        for (int i = 0; i < 100; i++) {
            long now = checks.deadlineNanos();
            assertThat(now - previous).isBetween(TimeUnit.SECONDS.toNanos(4), TimeUnit.SECONDS.toNanos(6));
            elapsed(now);
            checks.received(answer(sent.getFirst()), ALIVE, now);
            assertThat(checks.hasConsent(now)).isTrue();
            previous = now;
        }
    }
}
