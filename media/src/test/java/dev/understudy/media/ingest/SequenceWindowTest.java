package dev.understudy.media.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class SequenceWindowTest {
    private final SequenceWindow window = new SequenceWindow();

    @Test
    void takesEachOnce() {
        assertThat(window.isNew(100)).isTrue();
        assertThat(window.isNew(100)).isFalse();
        assertThat(window.isNew(102)).isTrue();
        assertThat(window.isNew(101)).isTrue();
        assertThat(window.isNew(101)).isFalse();
    }

    @Test
    void refusesWhatIsOlderThanTheWindow() {
        window.isNew(SequenceWindow.SIZE);

        assertThat(window.isNew(0)).isFalse();
        assertThat(window.isNew(1)).isTrue();
    }

    @RepeatedTest(100)
    void agreesWithASet(RepetitionInfo run) {
        var random = new SplittableRandom(run.getCurrentRepetition());
        Set<Long> seen = new HashSet<>();
        long highest = 5_000;
        for (int i = 0; i < 5_000; i++) {
            int leap = random.nextInt(100) == 0 ? 5_000 : 4;
            long sequence = Math.max(0, highest + random.nextInt(-SequenceWindow.SIZE - 10, leap));
            highest = i == 0 ? sequence : Math.max(highest, sequence);
            boolean expected = sequence > highest - SequenceWindow.SIZE && seen.add(sequence);

            assertThat(window.isNew(sequence)).isEqualTo(expected);
        }
    }
}
