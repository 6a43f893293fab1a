package dev.understudy.media.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.protocol.mp4.MediaSegment;
import dev.understudy.protocol.mp4.TrackFragment;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CompositeRecordingTest {
    private static final Instant EPOCH = Instant.parse("2026-01-02T03:04:05.678Z");
    private static final String PREFIX = "st/co/de/composite";
    private static final String FOLDER = PREFIX + "/media/hls/720p30-abcdeABCDE12/";

    private final Bucket bucket = new Bucket();
    private final CompositeRecording recording = new CompositeRecording(spec(30, 2), EPOCH, bucket);

    @Test
    void writesEachFileBeforeWhatNamesIt() {
        recording.started(EPOCH);
        Encoder encoder = new Encoder(30, 2, 0).configure(recording).renderTo(150, recording);
        encoder.drain(recording);
        recording.ended(EPOCH.plusSeconds(5));

        assertThat(bucket.puts)
                .containsExactly(
                        PREFIX + "/events/recording-started.json",
                        FOLDER + "init-0.mp4",
                        FOLDER + "0.mp4",
                        FOLDER + "playlist.m3u8",
                        PREFIX + "/media/hls/multivariant.m3u8",
                        FOLDER + "1.mp4",
                        FOLDER + "playlist.m3u8",
                        FOLDER + "2.mp4",
                        FOLDER + "playlist.m3u8",
                        FOLDER + "playlist.m3u8",
                        PREFIX + "/media/hls/multivariant.m3u8",
                        PREFIX + "/events/recording-ended.json");
        assertThat(RecordingCheck.check(PREFIX, bucket))
                .isEqualTo(new RecordingReport(1280, 720, 30, 5.0, 3, 0, List.of()));
    }

    @Test
    void isAnEventWhileItGrowsAndOnDemandOnceEnded() {
        recording.started(EPOCH);
        Encoder encoder = new Encoder(30, 2, 0).configure(recording).renderTo(75, recording);
        assertThat(bucket.text(FOLDER + "playlist.m3u8")).isEqualTo("""
                #EXTM3U
                #EXT-X-VERSION:7
                #EXT-X-TARGETDURATION:2
                #EXT-X-PLAYLIST-TYPE:EVENT
                #EXT-X-INDEPENDENT-SEGMENTS
                #EXT-X-MAP:URI="init-0.mp4"
                #EXT-X-PROGRAM-DATE-TIME:2026-01-02T03:04:05.678Z
                #EXTINF:2.00000,
                0.mp4
                """);
        assertThat(bucket.text(PREFIX + "/media/hls/multivariant.m3u8")).isEqualTo("""
                #EXTM3U
                #EXT-X-VERSION:7
                #EXT-X-INDEPENDENT-SEGMENTS
                #EXT-X-STREAM-INF:BANDWIDTH=2628000,RESOLUTION=1280x720,FRAME-RATE=30.000,CODECS="avc1.64001f,mp4a.40.2"
                720p30-abcdeABCDE12/playlist.m3u8
                """);

        encoder.drain(recording);
        recording.ended(EPOCH.plusSeconds(3));
        assertThat(bucket.text(FOLDER + "playlist.m3u8")).isEqualTo("""
                #EXTM3U
                #EXT-X-VERSION:7
                #EXT-X-TARGETDURATION:2
                #EXT-X-PLAYLIST-TYPE:VOD
                #EXT-X-INDEPENDENT-SEGMENTS
                #EXT-X-MAP:URI="init-0.mp4"
                #EXT-X-PROGRAM-DATE-TIME:2026-01-02T03:04:05.678Z
                #EXTINF:2.00000,
                0.mp4
                #EXTINF:0.50000,
                1.mp4
                #EXT-X-ENDLIST
                """);
        long average = Math.ceilDiv((bits(FOLDER + "0.mp4") + bits(FOLDER + "1.mp4")) * 2, 5L);
        assertThat(bucket.text(PREFIX + "/media/hls/multivariant.m3u8"))
                .contains("#EXT-X-STREAM-INF:BANDWIDTH=%d,AVERAGE-BANDWIDTH=%d,"
                        .formatted(average, average)); // the two together last 1.25 targets
    }

    /** Of a recording's documents: whole, because customers' programs read them. */
    @Test
    void writesTheDocumentsOfAmazonIvs() {
        recording.started(EPOCH);
        assertThat(bucket.text(PREFIX + "/events/recording-started.json"))
                .isEqualTo(
                        "{\"version\":\"v1\",\"stage_arn\":\"arn:aws:ivs:us-east-1:123456789012:stage/aAbBcCdDeE12\","
                                + "\"recording_started_at\":\"2026-01-02T03:04:05Z\",\"recording_status\":\"RECORDING_STARTED\","
                                + "\"media\":{\"hls\":{\"path\":\"media/hls\",\"playlist\":\"multivariant.m3u8\",\"renditions\":["
                                + "{\"path\":\"720p30-abcdeABCDE12\",\"playlist\":\"playlist.m3u8\","
                                + "\"resolution_width\":1280,\"resolution_height\":720}]}}}");

        new Encoder(30, 2, 0).configure(recording).renderTo(75, recording).drain(recording);
        recording.ended(EPOCH.plusSeconds(3));
        assertThat(bucket.text(PREFIX + "/events/recording-ended.json"))
                .isEqualTo(
                        "{\"version\":\"v1\",\"stage_arn\":\"arn:aws:ivs:us-east-1:123456789012:stage/aAbBcCdDeE12\","
                                + "\"recording_started_at\":\"2026-01-02T03:04:05Z\","
                                + "\"recording_ended_at\":\"2026-01-02T03:04:08Z\",\"recording_status\":\"RECORDING_ENDED\","
                                + "\"media\":{\"hls\":{\"duration_ms\":2500,"
                                + "\"path\":\"media/hls\",\"playlist\":\"multivariant.m3u8\",\"renditions\":["
                                + "{\"path\":\"720p30-abcdeABCDE12\",\"playlist\":\"playlist.m3u8\","
                                + "\"resolution_width\":1280,\"resolution_height\":720}]}}}");
    }

    @Test
    void saysThatItFailedAndKeepsWhatThereIs() {
        recording.started(EPOCH);
        new Encoder(30, 2, 0).configure(recording).renderTo(75, recording);
        recording.failed(EPOCH.plusSeconds(3), "no worker could be started");

        assertThat(bucket.text(PREFIX + "/events/recording-failed.json"))
                .contains("\"recording_status\":\"RECORDING_ENDED_WITH_FAILURE\","
                        + "\"recording_status_message\":\"no worker could be started\","
                        + "\"media\":{\"hls\":{\"duration_ms\":2500,");
        assertThat(RecordingCheck.check(PREFIX, bucket).findings()).isEmpty();
    }

    @Test
    void saysThatItNeverBegan() {
        recording.failed(EPOCH, "the bucket is full");

        assertThat(bucket.puts).containsExactly(PREFIX + "/events/recording-failed.json");
        assertThat(bucket.text(PREFIX + "/events/recording-failed.json"))
                .startsWith(
                        "{\"version\":\"v1\",\"stage_arn\":\"arn:aws:ivs:us-east-1:123456789012:stage/aAbBcCdDeE12\","
                                + "\"recording_ended_at\":\"2026-01-02T03:04:05Z\","
                                + "\"recording_status\":\"RECORDING_START_FAILED\",\"media\":{\"hls\":{\"duration_ms\":0,");
    }

    @Test
    void marksTheSeamBetweenTwoWorkers() {
        recording.started(EPOCH);
        new Encoder(30, 2, 0).configure(recording).renderTo(100, recording);
        recording.seam(130, EPOCH.plusMillis(4_333));
        new Encoder(30, 2, 131).configure(recording).renderTo(250, recording).drain(recording);
        recording.ended(EPOCH.plusSeconds(9));

        assertThat(bucket.text(FOLDER + "playlist.m3u8")).isEqualTo("""
                #EXTM3U
                #EXT-X-VERSION:7
                #EXT-X-TARGETDURATION:2
                #EXT-X-PLAYLIST-TYPE:VOD
                #EXT-X-INDEPENDENT-SEGMENTS
                #EXT-X-MAP:URI="init-0.mp4"
                #EXT-X-PROGRAM-DATE-TIME:2026-01-02T03:04:05.678Z
                #EXTINF:2.00000,
                0.mp4
                #EXTINF:1.33333,
                1.mp4
                #EXT-X-DISCONTINUITY
                #EXT-X-MAP:URI="init-1.mp4"
                #EXT-X-PROGRAM-DATE-TIME:2026-01-02T03:04:10.044Z
                #EXTINF:1.63333,
                2.mp4
                #EXTINF:2.00000,
                3.mp4
                #EXTINF:0.33333,
                4.mp4
                #EXT-X-ENDLIST
                """);
        assertThat(RecordingCheck.check(PREFIX, bucket))
                .isEqualTo(new RecordingReport(1280, 720, 30, 7.3, 5, 1, List.of()));
        assertThat(video(FOLDER + "2.mp4").baseDecodeTime()).isEqualTo(131_000);
        assertThat(audio(FOLDER + "2.mp4").baseDecodeTime()).isBetween(209_600L, 209_600L + 1_024);
    }

    @Test
    void countsFromItsFirstTickHoweverLateThatIs() {
        recording.started(EPOCH);
        new Encoder(30, 2, 1_234)
                .configure(recording)
                .renderTo(1_400, recording)
                .drain(recording);
        recording.ended(EPOCH.plusSeconds(60));

        assertThat(video(FOLDER + "0.mp4").baseDecodeTime()).isZero();
        assertThat(audio(FOLDER + "0.mp4").baseDecodeTime()).isBetween(0L, 1_023L);
        assertThat(bucket.text(FOLDER + "playlist.m3u8")).contains("TIME:2026-01-02T03:04:46.811Z\n#EXTINF:0.86667,");
    }

    @Test
    void aCodecThatChangesBeginsANewPartWithoutAHole() {
        recording.started(EPOCH);
        Encoder encoder = new Encoder(30, 2, 0).configure(recording).renderTo(120, recording);
        recording.codecConfig(
                bytes("6764001facd9405005bb016a02020280000003008000001e078c18cb"),
                bytes("68ebe3cb22c1"),
                bytes("1190"));
        encoder.renderTo(240, recording).drain(recording);
        recording.ended(EPOCH.plusSeconds(8));

        assertThat(RecordingCheck.check(PREFIX, bucket))
                .isEqualTo(new RecordingReport(1280, 720, 30, 8.0, 4, 1, List.of()));
        assertThat(audio(FOLDER + "2.mp4").baseDecodeTime())
                .isEqualTo(audio(FOLDER + "1.mp4").baseDecodeTime()
                        + audio(FOLDER + "1.mp4").duration());
    }

    @ParameterizedTest(name = "{0} fps, {1} s")
    @CsvSource(textBlock = """
            # fps | target | timescale | ticks a segment | EXTINF
            15    | 2      | 15000     | 30              | 2.00000
            29.97 | 2      | 29970     | 60              | 2.00200
            30    | 10     | 30000     | 300             | 10.00000
            60    | 6      | 60000     | 360             | 6.00000
            1     | 2      | 1000      | 2               | 2.00000
            12.5  | 3      | 12500     | 38              | 3.04000
            """, delimiter = '|')
    void cutsAtEveryRate(double fps, int target, int timescale, int ticks, String extinf) {
        var rated = new CompositeRecording(spec(fps, target), EPOCH, bucket);
        rated.started(EPOCH);
        new Encoder(fps, target, 0)
                .configure(rated)
                .renderTo(3L * ticks + 1, rated)
                .drain(rated);
        rated.ended(EPOCH.plusSeconds(60));

        assertThat(TickRate.of(fps).timescale()).isEqualTo(timescale);
        assertThat(bucket.text(FOLDER + "playlist.m3u8")).contains("#EXTINF:" + extinf + ",\n2.mp4\n");
        assertThat(video(FOLDER + "1.mp4").samples()).hasSize(ticks);
        RecordingReport report = RecordingCheck.check(PREFIX, bucket);
        assertThat(report.findings()).isEmpty();
        assertThat(report.segments()).isEqualTo(4);
    }

    @Test
    void twoSecondsHold93Or94AudioFrames() {
        new Encoder(30, 2, 0).configure(recording).renderTo(900, recording);

        List<Integer> frames = java.util.stream.IntStream.range(0, 8)
                .map(i -> audio(FOLDER + i + ".mp4").samples().size())
                .boxed()
                .toList();
        assertThat(frames).containsExactly(94, 94, 94, 93, 94, 94, 94, 93);
    }

    @Test
    void waitsForAudioButNotForEver() {
        new Encoder(30, 2, 0).configure(recording);
        for (int tick = 0; tick <= 180; tick++) {
            assertThat(recording.segments()).isZero();
            recording.video(tick, tick % 60 == 0, Encoder.picture(tick, tick % 60 == 0));
        }

        assertThat(recording.segments()).isEqualTo(1);
        assertThat(recording.duration()).isEqualTo(Duration.ofSeconds(2));
    }

    @Test
    void goesOnAfterItsNodeDied() {
        recording.started(EPOCH);
        new Encoder(30, 2, 0).configure(recording).renderTo(150, recording);
        bucket.put(FOLDER + "2.mp4", new byte[] {1, 2, 3}); // written, never listed

        Instant later = EPOCH.plusSeconds(20);
        CompositeRecording resumed =
                RecordingResume.resume(spec(30, 2), later, bucket, bucket).orElseThrow();
        assertThat(resumed.duration()).isEqualTo(Duration.ofSeconds(4));
        new Encoder(30, 2, 0).configure(resumed).renderTo(90, resumed).drain(resumed);
        resumed.ended(EPOCH.plusSeconds(23));

        assertThat(bucket.text(FOLDER + "playlist.m3u8")).endsWith("""
                #EXTINF:2.00000,
                1.mp4
                #EXT-X-DISCONTINUITY
                #EXT-X-MAP:URI="init-1.mp4"
                #EXT-X-PROGRAM-DATE-TIME:2026-01-02T03:04:25.678Z
                #EXTINF:2.00000,
                2.mp4
                #EXTINF:1.00000,
                3.mp4
                #EXT-X-ENDLIST
                """);
        assertThat(RecordingCheck.check(PREFIX, bucket))
                .isEqualTo(new RecordingReport(1280, 720, 30, 7.0, 4, 1, List.of()));
    }

    @Test
    void isFinalisedAfterItsNodeDiedWithoutAnotherFrame() {
        recording.started(EPOCH);
        new Encoder(30, 2, 0).configure(recording).renderTo(150, recording);

        RecordingResume.resume(spec(30, 2), EPOCH, bucket, bucket).orElseThrow().ended(EPOCH.plusSeconds(9));

        assertThat(RecordingCheck.check(PREFIX, bucket))
                .isEqualTo(new RecordingReport(1280, 720, 30, 4.0, 2, 0, List.of()));
    }

    @Test
    void doesNotResumeWhatIsNotItsOwn() {
        bucket.put(FOLDER + "playlist.m3u8", "#EXTM3U\n".getBytes(java.nio.charset.StandardCharsets.UTF_8));

        assertThat(RecordingResume.resume(spec(30, 2), EPOCH, bucket, bucket)).isEmpty();
    }

    @Test
    void refusesFramesThatDoNotFollow() {
        ByteBuffer idr = Encoder.picture(0, true);
        ByteBuffer picture = Encoder.picture(1, false);
        refuses(() -> recording.video(0, true, idr), "frame of tick 0 before any codec configuration");
        refuses(() -> recording.codecConfig(bytes("67"), bytes("68"), bytes("1190")), "malformed codec configuration");
        new Encoder(30, 2, 0).configure(recording);
        refuses(() -> recording.video(0, false, picture), "first frame, of tick 0, is no IDR");
        refuses(() -> recording.video(0, false, idr), "frame of tick 0 is an IDR");
        refuses(() -> recording.video(0, true, picture), "frame of tick 0 has no IDR");
        refuses(() -> recording.video(0, true, bytes("00000001")), "frame of tick 0 is no list of NAL units");
        recording.video(0, true, idr);
        refuses(() -> recording.video(2, false, picture), "frame of tick 2 where 1 was due");
        recording.audio(0, bytes("aa"));
        refuses(() -> recording.audio(1_025, bytes("aa")), "audio at sample 1025 where 1024 was due");
        refuses(() -> recording.audio(1_024, bytes("")), "empty audio frame at sample 1024");
        refuses(() -> recording.seam(0, EPOCH), "seam back to tick 0 from 1");
    }

    @Test
    void refusesAnEncoderThatForgetsItsIdrs() {
        new Encoder(30, 2, 0).configure(recording);
        recording.video(0, true, Encoder.picture(0, true));
        for (int tick = 1; tick < 74; tick++) {
            recording.video(tick, false, Encoder.picture(tick, false));
        }

        refuses(() -> recording.video(74, false, Encoder.picture(74, false)), "no IDR in the 74 ticks before 74");
        recording.seam(80, EPOCH.plusSeconds(3));
        assertThat(bucket.text(FOLDER + "playlist.m3u8")).endsWith("#EXTINF:2.46667,\n0.mp4\n");
    }

    @Test
    void refusesAudioWithoutVideo() {
        for (int i = 0; i < Segmenter.MAX_WAITING_AUDIO_FRAMES; i++) {
            recording.audio(i * 1_024L, bytes("aa"));
        }

        refuses(() -> recording.audio(2_048 * 1_024L, bytes("aa")), "2048 audio frames wait for video");
    }

    @Test
    void isOverOnce() {
        recording.started(EPOCH);
        recording.ended(EPOCH);

        assertThatThrownBy(() -> recording.failed(EPOCH, "late")).isInstanceOf(IllegalStateException.class);
        assertThat(bucket.puts)
                .containsExactly(PREFIX + "/events/recording-started.json", PREFIX + "/events/recording-ended.json");
    }

    private static void refuses(org.assertj.core.api.ThrowableAssert.ThrowingCallable frame, String message) {
        assertThatThrownBy(frame).isInstanceOf(IllegalArgumentException.class).hasMessage(message);
    }

    private TrackFragment video(String key) {
        return MediaSegment.parse(ByteBuffer.wrap(bucket.files.get(key)))
                .tracks()
                .get(0);
    }

    private TrackFragment audio(String key) {
        return MediaSegment.parse(ByteBuffer.wrap(bucket.files.get(key)))
                .tracks()
                .get(1);
    }

    private long bits(String key) {
        return bucket.files.get(key).length * 8L;
    }

    private static ByteBuffer bytes(String hex) {
        return ByteBuffer.wrap(java.util.HexFormat.of().parseHex(hex));
    }

    static RecordingSpec spec(double framesPerSecond, int targetSeconds) {
        return new RecordingSpec(
                PREFIX,
                "720p30-abcdeABCDE12",
                framesPerSecond,
                1280,
                720,
                2_500_000,
                128_000,
                targetSeconds,
                "arn:aws:ivs:us-east-1:123456789012:stage/aAbBcCdDeE12");
    }
}
