package dev.understudy.media.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AudioSpecificConfigTest {
    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "AAC-LC stereo 48 kHz, 1190, mp4a.40.2 48000 2",
        "AAC-LC mono 44.1 kHz, 1208, mp4a.40.2 44100 1",
        "with what follows for SBR, 119056e500, mp4a.40.2 48000 2",
        "escaped rate of 50 kHz, 1780612808, mp4a.40.2 49744 1",
        "7.1 channels, 11b8, mp4a.40.2 48000 8",
    })
    void reads(String description, String hex, String expected) {
        AudioSpecificConfig config = AudioSpecificConfig.parse(bytes(hex));

        assertThat(config).as(description).isNotNull();
        assertThat(config.codec() + " " + config.sampleRate() + " " + config.channels())
                .isEqualTo(expected);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "empty, ''",
        "cut short, 11",
        "no object type, 0190",
        "a rate that is reserved, 1690",
        "channels said elsewhere, 1180",
    })
    void rejects(String description, String hex) {
        assertThat(AudioSpecificConfig.parse(bytes(hex))).as(description).isNull();
    }

    private static ByteBuffer bytes(String hex) {
        return ByteBuffer.wrap(HexFormat.of().parseHex(hex));
    }
}
