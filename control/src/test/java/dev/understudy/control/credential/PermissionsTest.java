package dev.understudy.control.credential;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;

class PermissionsTest {
    @RepeatedTest(200)
    void refusesOrTakesAnyText(RepetitionInfo run) {
        var random = new SplittableRandom(run.getCurrentRepetition());
        byte[] text = "{\"ci\": [{\"actions\": [\"ivs:*\"], \"resources\": [\"arn:aws:ivs:*\"]}]}"
                .getBytes(StandardCharsets.US_ASCII);
        for (int i = random.nextInt(1, 5); i > 0; i--) {
            text[random.nextInt(text.length)] = (byte) random.nextInt(32, 127);
        }

        try {
            assertThat(Permissions.parse(new String(text, StandardCharsets.US_ASCII)))
                    .isNotNull();
        } catch (IllegalStateException wrong) {
            assertThat(wrong.getMessage()).isNotEmpty();
        }
    }
}
