package dev.understudy.media.compose;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class LimiterTest {
    @Test
    void leavesWhatIsNotTooLoudAsItIs() {
        float[] samples = {0.5f, -0.5f, 0.88f, 0, -0.88f, 0.1f};

        float[] limited = samples.clone();
        new Limiter().limit(limited);

        assertThat(limited).isEqualTo(samples);
    }

    @Test
    void neverPassesTheCeilingAndComesBackSlowly() {
        var limiter = new Limiter();
        float[] loud = new float[2_048];
        Arrays.fill(loud, 3);
        limiter.limit(loud);
        float[] quiet = new float[2_048];
        Arrays.fill(quiet, 0.3f);
        limiter.limit(quiet);

        for (float sample : loud) {
            assertThat(sample).isLessThan(0.892f);
        }
        assertThat(quiet[0]).isLessThan(0.1f);
        assertThat(quiet[2_047]).isGreaterThan(quiet[0]).isLessThan(0.3f);
    }
}
