package dev.understudy.protocol.srtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PacketIndexesTest {
    private final PacketIndexes indexes = new PacketIndexes();

    /** RFC 3711 section 3.3.1 and appendix A. */
    @ParameterizedTest(name = "after {0}, sequence number {1} is {2}")
    @CsvSource({
        "0x00000, 0x0001, 0x00001",
        "0x0ffff, 0x0000, 0x10000",
        "0x0ffff, 0x7ffe, 0x17ffe",
        "0x0ffff, 0x7fff, 0x07fff",
        "0x0ffff, 0x8000, 0x08000",
        "0x10000, 0xffff, 0x0ffff",
        "0x10000, 0x8001, 0x08001",
        "0x10000, 0x8000, 0x18000",
        "0x00000, 0xffff, -1",
        "0x2fffe, 0x0003, 0x30003",
        "0xffffffffffff, 0x0000, 0x1000000000000",
    })
    void guessesTheNearestRound(long highest, int sequenceNumber, String expected) {
        indexes.mark(highest);

        assertThat(indexes.guess(sequenceNumber)).isEqualTo(Long.decode(expected));
    }

    @Test
    void beginsInRoundZeroWhereverThatIs() {
        assertThat(indexes.guess(0xffff)).isEqualTo(0xffff);
    }

    @Test
    void endsWithTheKeysLife() {
        assertThat(indexes.isNew((1L << 48) - 1)).isTrue();
        assertThat(indexes.isNew(1L << 48)).isFalse();
        assertThat(indexes.isNew(-1)).isFalse();
    }

    @Test
    void looksBack1024() {
        indexes.mark(5_000);

        assertThat(indexes.isNew(5_000)).isFalse();
        assertThat(indexes.isNew(5_000 - 1_023)).isTrue();
        assertThat(indexes.isNew(5_000 - 1_024)).isFalse();
        assertThat(indexes.isNew(0)).isFalse();
    }

    @RepeatedTest(100)
    void knowsWhatASetKnows(RepetitionInfo run) {
        var random = new SplittableRandom(run.getCurrentRepetition());
        Set<Long> seen = new HashSet<>();
        long highest = -1;
        for (int i = 0; i < 3_000; i++) {
            boolean leaps = random.nextInt(200) == 0;
            long index = Math.max(0, highest + random.nextInt(-1_200, leaps ? 5_000 : 20));
            boolean expected = !seen.contains(index) && index > highest - 1_024;

            assertThat(indexes.isNew(index)).as("%d after %d", index, highest).isEqualTo(expected);

            if (expected) {
                indexes.mark(index);
                seen.add(index);
                highest = Math.max(highest, index);
            }
        }
    }
}
