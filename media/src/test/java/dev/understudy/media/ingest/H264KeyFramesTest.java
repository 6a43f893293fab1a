package dev.understudy.media.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.SplittableRandom;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class H264KeyFramesTest {
    @ParameterizedTest(name = "{0}")
    @CsvSource(textBlock = """
            nothing, '', false
            IDR slice, 65 88, true
            other slice, 41 9a, false
            SPS alone, 67 42, false
            aggregate of SPS and PPS, 78 0002 67 42 0002 68 ce, false
            aggregate with IDR, 78 0002 67 42 0002 68 ce 0002 65 88, true
            aggregate that lies about its length, 78 ffff 67 42 0002 65 88, false
            aggregate cut in a length, 78 00, false
            first fragment of an IDR, 7c 85 00, true
            second fragment of an IDR, 7c 05 00, false
            first fragment of another, 5c 81 00, false
            fragment without header, 7c, false
            """)
    void tellsWhereAnIdrBegins(String description, String hex, boolean expected) {
        byte[] payload = HexFormat.of().parseHex(hex.replace(" ", ""));

        assertThat(H264KeyFrames.beginIn(ByteBuffer.wrap(payload)))
                .as(description)
                .isEqualTo(expected);
    }

    @RepeatedTest(1_000)
    void neverThrowsOnHostileBytes(RepetitionInfo run) {
        var random = new SplittableRandom(run.getCurrentRepetition());
        byte[] payload = new byte[random.nextInt(0, 100)];
        random.nextBytes(payload);
        if (payload.length > 0 && random.nextBoolean()) {
            payload[0] = 24;
        }

        H264KeyFrames.beginIn(ByteBuffer.wrap(payload));
    }
}
