package dev.understudy.media.compose;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.media.compose.RtpReorderBuffer.Numbered;
import dev.understudy.protocol.rtp.RtpPacket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class RtpReorderBufferTest {
    private static final RtpPacket PACKET = Objects.requireNonNull(
            RtpPacket.parse(ByteBuffer.wrap(new byte[] {(byte) 0x80, 96, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0})));

    private final RtpReorderBuffer buffer = new RtpReorderBuffer();

    private void add(long sequence) {
        buffer.add(new Numbered(sequence, sequence, PACKET), 10 * sequence);
    }

    private List<Long> released(long nowNanos) {
        List<Long> sequences = new ArrayList<>();
        buffer.release(nowNanos, packet -> sequences.add(packet.sequence()));
        return sequences;
    }

    @Test
    void waitsForTheMissingUntilWhatIsBehindItIsDue() {
        add(1);
        add(3);
        add(4);

        assertThat(released(0)).containsExactly(1L);
        assertThat(buffer.deadlineNanos()).isEqualTo(30);
        assertThat(released(29)).isEmpty();
        assertThat(released(30)).containsExactly(3L, 4L);
    }

    @Test
    void theMissingOneMayStillCome() {
        add(1);
        add(3);
        add(2);

        assertThat(released(0)).containsExactly(1L, 2L, 3L);
        assertThat(buffer.deadlineNanos()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void dropsWhatIsTwiceOrTooLate() {
        add(1);
        add(1);
        released(0);
        add(1);

        assertThat(released(0)).isEmpty();
        assertThat(buffer.dropped()).isEqualTo(2);
    }

    @Test
    void aLeapBeginsAnew() {
        add(1);
        released(0);
        add(3);
        add(100_000);
        add(100_001);

        assertThat(released(0)).containsExactly(100_000L, 100_001L);
        assertThat(buffer.dropped()).isEqualTo(1);
    }

    @RepeatedTest(50)
    void everythingComesOnceAndInOrder(RepetitionInfo run) {
        var random = new SplittableRandom(run.getCurrentRepetition());
        List<Long> all = new ArrayList<>();
        long base = 0;
        for (int i = 0; i < 2_000; i++) {
            base += random.nextInt(3);
            add(Math.max(0, base + random.nextInt(-20, 20)));
            all.addAll(released(10 * (base - random.nextInt(30))));
        }
        all.addAll(released(Long.MAX_VALUE));

        assertThat(all).isSorted().doesNotHaveDuplicates();
        assertThat(all.size() + buffer.dropped()).isEqualTo(2_000);
    }
}
