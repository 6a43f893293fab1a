package dev.understudy.protocol.hls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.protocol.hls.MediaPlaylist.Part;
import dev.understudy.protocol.hls.MediaPlaylist.Segment;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MediaPlaylistTest {
    private static final Part FIRST = new Part(
            "init-0.mp4",
            Instant.parse("2026-01-02T03:04:05Z"),
            List.of(
                    new Segment("0.mp4", Duration.ofSeconds(2)),
                    new Segment("1.mp4", Duration.ofNanos(2_002_002_002))));
    private static final Part SECOND = new Part(
            "init-1.mp4",
            Instant.parse("2026-01-02T03:04:10.0339Z"),
            List.of(new Segment("2.mp4", Duration.ofMillis(33))));

    private static final String ENDED_TEXT = """
            #EXTM3U
            #EXT-X-VERSION:7
            #EXT-X-TARGETDURATION:2
            #EXT-X-PLAYLIST-TYPE:VOD
            #EXT-X-INDEPENDENT-SEGMENTS
            #EXT-X-MAP:URI="init-0.mp4"
            #EXT-X-PROGRAM-DATE-TIME:2026-01-02T03:04:05.000Z
            #EXTINF:2.00000,
            0.mp4
            #EXTINF:2.00200,
            1.mp4
            #EXT-X-DISCONTINUITY
            #EXT-X-MAP:URI="init-1.mp4"
            #EXT-X-PROGRAM-DATE-TIME:2026-01-02T03:04:10.033Z
            #EXTINF:0.03300,
            2.mp4
            #EXT-X-ENDLIST
            """;

    @Test
    void growsWhileLive() {
        assertThat(new MediaPlaylist(2, List.of(FIRST), false).text()).isEqualTo("""
                #EXTM3U
                #EXT-X-VERSION:7
                #EXT-X-TARGETDURATION:2
                #EXT-X-PLAYLIST-TYPE:EVENT
                #EXT-X-INDEPENDENT-SEGMENTS
                #EXT-X-MAP:URI="init-0.mp4"
                #EXT-X-PROGRAM-DATE-TIME:2026-01-02T03:04:05.000Z
                #EXTINF:2.00000,
                0.mp4
                #EXTINF:2.00200,
                1.mp4
                """);
    }

    @Test
    void isOnDemandOnceEndedAndMarksEachNewPart() {
        assertThat(new MediaPlaylist(2, List.of(FIRST, SECOND), true).text()).isEqualTo(ENDED_TEXT);
    }

    @Test
    void isReadAsItWasWritten() {
        MediaPlaylist playlist = MediaPlaylist.parse(ENDED_TEXT);

        assertThat(playlist).isNotNull();
        assertThat(playlist.text()).isEqualTo(ENDED_TEXT);
        assertThat(playlist.parts()).extracting(Part::initUri).containsExactly("init-0.mp4", "init-1.mp4");
        assertThat(playlist.duration()).isEqualTo(Duration.ofMillis(4_035));
        assertThat(playlist.ended()).isTrue();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(textBlock = """
            no target                       | #EXT-X-TARGETDURATION:2           | #EXT-X-TARGET:2
            a segment above the target      | #EXTINF:2.00200                   | #EXTINF:2.50000
            a duration of other precision   | #EXTINF:2.00200                   | #EXTINF:2.002
            a path that climbs              | 1.mp4                             | ../1.mp4
            an address                      | 1.mp4                             | http://example.com/1.mp4
            a tag that is not ours          | #EXT-X-DISCONTINUITY              | #EXT-X-GAP
            an end in the middle            | #EXT-X-DISCONTINUITY              | #EXT-X-ENDLIST
            a day that is none              | 2026-01-02T03:04:05.000Z          | 2026-13-02T03:04:05.000Z
            no header                       | #EXTM3U                           | #EXTM3
            a type that does not fit        | VOD                               | EVENT
            """, delimiter = '|')
    void rejects(String description, String text, String instead) {
        String broken = ENDED_TEXT.replaceFirst(text, instead);

        assertThat(broken).as(description).isNotEqualTo(ENDED_TEXT);
        assertThat(MediaPlaylist.parse(broken)).as(description).isNull();
    }

    @Test
    void refusesASegmentThatRoundsAboveTheTarget() {
        Part part = new Part("init-0.mp4", Instant.EPOCH, List.of(new Segment("0.mp4", Duration.ofMillis(2_500))));

        assertThatThrownBy(() -> new MediaPlaylist(2, List.of(part), false))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("is longer than the target of 2 s");
    }

    @RepeatedTest(1_000)
    void neverThrowsOnHostileText(RepetitionInfo run) {
        var random = new SplittableRandom(run.getCurrentRepetition());
        StringBuilder text = new StringBuilder(ENDED_TEXT);
        for (int i = random.nextInt(1, 6); i > 0; i--) {
            text.setCharAt(random.nextInt(text.length()), (char) random.nextInt(10, 128));
        }

        MediaPlaylist playlist = MediaPlaylist.parse(text.toString());

        if (playlist != null) {
            assertThat(playlist.text()).isEqualTo(text.toString());
        }
    }
}
