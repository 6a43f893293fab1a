package dev.understudy.protocol.hls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.protocol.hls.MultivariantPlaylist.Variant;
import java.util.List;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class MultivariantPlaylistTest {
    private static final String CODECS = "avc1.64001f,mp4a.40.2";
    private static final MultivariantPlaylist PLAYLIST = new MultivariantPlaylist(List.of(
            new Variant("720p30-a/playlist.m3u8", 2_628_000, OptionalLong.of(2_100_123), 1280, 720, 30, CODECS),
            new Variant("360p29-b/playlist.m3u8", 600_000, OptionalLong.empty(), 640, 360, 29.97, CODECS)));

    private static final String TEXT = """
            #EXTM3U
            #EXT-X-VERSION:7
            #EXT-X-INDEPENDENT-SEGMENTS
            #EXT-X-STREAM-INF:BANDWIDTH=2628000,AVERAGE-BANDWIDTH=2100123,RESOLUTION=1280x720,FRAME-RATE=30.000,CODECS="avc1.64001f,mp4a.40.2"
            720p30-a/playlist.m3u8
            #EXT-X-STREAM-INF:BANDWIDTH=600000,RESOLUTION=640x360,FRAME-RATE=29.970,CODECS="avc1.64001f,mp4a.40.2"
            360p29-b/playlist.m3u8
            """;

    @Test
    void listsItsRenditions() {
        assertThat(PLAYLIST.text()).isEqualTo(TEXT);
    }

    @Test
    void isReadAsItWasWritten() {
        assertThat(MultivariantPlaylist.parse(TEXT)).isEqualTo(PLAYLIST);
    }

    @Test
    void rejectsWhatIsNotWhollyItsOwn() {
        assertThat(MultivariantPlaylist.parse("")).isNull();
        assertThat(MultivariantPlaylist.parse(TEXT + "\n")).isNull();
        assertThat(MultivariantPlaylist.parse(TEXT.replace("360p29-b/", "../"))).isNull();
        assertThat(MultivariantPlaylist.parse(TEXT.replace("=600000", "=0600000")))
                .isNull();
    }

    @RepeatedTest(1_000)
    void neverThrowsOnHostileText(RepetitionInfo run) {
        var random = new SplittableRandom(run.getCurrentRepetition());
        StringBuilder text = new StringBuilder(TEXT);
        for (int i = random.nextInt(1, 6); i > 0; i--) {
            text.setCharAt(random.nextInt(text.length()), (char) random.nextInt(10, 128));
        }

        MultivariantPlaylist playlist = MultivariantPlaylist.parse(text.toString());

        if (playlist != null) {
            assertThat(playlist.text()).isEqualTo(text.toString());
        }
    }
}
