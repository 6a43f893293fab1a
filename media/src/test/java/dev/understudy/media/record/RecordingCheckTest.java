package dev.understudy.media.record;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class RecordingCheckTest {
    private static final Instant EPOCH = Instant.parse("2026-01-02T03:04:05Z");
    private static final String PREFIX = "st/co/de/composite";
    private static final String HLS = PREFIX + "/media/hls/";
    private static final String FOLDER = HLS + "720p30-abcdeABCDE12/";

    private final Bucket bucket = recorded();

    @Test
    void aRecordingOfOursIsSound() {
        RecordingReport report = RecordingCheck.check(PREFIX, bucket);

        assertThat(report).isEqualTo(new RecordingReport(1280, 720, 30, 9.5, 6, 1, List.of()));
        assertThat(report.isSound()).isTrue();
    }

    @Test
    void saysWhatIsMissingWhereThereIsNothing() {
        assertThat(RecordingCheck.check("no/such/recording", bucket))
                .isEqualTo(new RecordingReport(0, 0, 0, 0, 0, 0, List.of("media/hls/multivariant.m3u8: missing")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("damages")
    void finds(String name, Consumer<Bucket> damage, String finding) {
        damage.accept(bucket);

        assertThat(RecordingCheck.check(PREFIX, bucket).findings()).as(name).contains(finding);
    }

    static Stream<Arguments> damages() {
        String rendition = "media/hls/720p30-abcdeABCDE12/";
        return Stream.of(
                damage("lost segment", b -> b.files.remove(FOLDER + "1.mp4"), rendition + "1.mp4: missing"),
                damage("cut segment", b -> cut(b, FOLDER + "1.mp4"), rendition + "1.mp4: malformed"),
                damage("lost init", b -> b.files.remove(FOLDER + "init-1.mp4"), rendition + "init-1.mp4: missing"),
                damage("cut init", b -> cut(b, FOLDER + "init-0.mp4"), rendition + "init-0.mp4: malformed"),
                damage(
                        "another segment's content",
                        b -> b.files.put(FOLDER + "1.mp4", b.files.get(FOLDER + "0.mp4")),
                        "1.mp4: video begins at 0 where 60000 is due"),
                damage(
                        "audio that begins elsewhere",
                        b -> patch(b, FOLDER + "1.mp4", 96_256, 96_257),
                        "1.mp4: audio begins at 96257 where 96256 is due"),
                damage(
                        "a frame of another duration",
                        b -> patch(b, FOLDER + "0.mp4", 1_000, 1_001),
                        "0.mp4: a frame does not last one tick"),
                damage(
                        "an IDR that is none",
                        b -> patch(b, FOLDER + "0.mp4", 0x0200_0000, 0x0101_0000),
                        "0.mp4: does not begin with an IDR"),
                damage(
                        "a duration that is not the segment's",
                        b -> edit(b, FOLDER + "playlist.m3u8", "2.00000,\n1.mp4", "1.90000,\n1.mp4"),
                        "1.mp4: lasts PT2S, listed as PT1.9S"),
                damage(
                        "a playlist that is still live",
                        b -> edit(b, FOLDER + "playlist.m3u8", "VOD", "EVENT"),
                        rendition + "playlist.m3u8: malformed"),
                damage(
                        "a bandwidth that is not enough",
                        b -> editBandwidth(b),
                        "segments take 27904 bit/s where BANDWIDTH says 100"),
                damage(
                        "other codecs",
                        b -> edit(b, HLS + "multivariant.m3u8", "64001f", "42001f"),
                        rendition + "init-0.mp4: holds avc1.64001f,mp4a.40.2, listed as avc1.42001f,mp4a.40.2"),
                damage(
                        "no word of its end",
                        b -> b.files.remove(PREFIX + "/events/recording-ended.json"),
                        "neither an ended nor a failed document"),
                damage(
                        "no word of its start",
                        b -> b.files.remove(PREFIX + "/events/recording-started.json"),
                        "events/recording-started.json: missing"));
    }

    @Test
    void findsAnotherDurationInTheDocument() {
        edit(bucket, PREFIX + "/events/recording-ended.json", "9500", "9000");

        assertThat(RecordingCheck.check(PREFIX, bucket).findings())
                .singleElement()
                .asString()
                .startsWith("events/recording-ended.json: not {\"version\":\"v1\"")
                .contains("\"duration_ms\":9500");
    }

    @RepeatedTest(200)
    void neverThrowsOnHostileBytes(RepetitionInfo run) {
        var random = new SplittableRandom(run.getCurrentRepetition());
        List<String> keys = new ArrayList<>(bucket.files.keySet());
        for (int i = random.nextInt(1, 10); i > 0; i--) {
            byte[] file = bucket.files.get(keys.get(random.nextInt(keys.size())));
            file[random.nextInt(Math.min(file.length, 2_000))] = (byte) random.nextInt();
        }

        assertThat(RecordingCheck.check(PREFIX, bucket).findings()).hasSizeLessThanOrEqualTo(Findings.MAX);
    }

    /** Four seconds and a half, a seam, and five seconds more. */
    private static Bucket recorded() {
        Bucket bucket = new Bucket();
        var recording = new CompositeRecording(CompositeRecordingTest.spec(30, 2), EPOCH, bucket);
        recording.started(EPOCH);
        new Encoder(30, 2, 0).configure(recording).renderTo(135, recording);
        recording.seam(150, EPOCH.plusSeconds(5));
        new Encoder(30, 2, 180).configure(recording).renderTo(330, recording).drain(recording);
        recording.ended(EPOCH.plusSeconds(12));
        return bucket;
    }

    private static Arguments damage(String name, Consumer<Bucket> damage, String finding) {
        return Arguments.of(name, damage, finding);
    }

    private static void cut(Bucket bucket, String key) {
        byte[] file = bucket.files.get(key);
        bucket.files.put(key, java.util.Arrays.copyOf(file, file.length - 1));
    }

    private static void patch(Bucket bucket, String key, int value, int instead) {
        ByteBuffer file = ByteBuffer.wrap(bucket.files.get(key));
        for (int at = 0; at < file.limit() - 4; at += 4) {
            if (file.getInt(at) == value) {
                file.putInt(at, instead);
                return;
            }
        }
        throw new AssertionError(key + " has no " + value);
    }

    private static void edit(Bucket bucket, String key, String text, String instead) {
        String edited = bucket.text(key).replace(text, instead);
        assertThat(edited).isNotEqualTo(bucket.text(key));
        bucket.files.put(key, edited.getBytes(StandardCharsets.UTF_8));
    }

    private static void editBandwidth(Bucket bucket) {
        String edited = bucket.text(HLS + "multivariant.m3u8").replaceFirst("BANDWIDTH=\\d+", "BANDWIDTH=100");
        bucket.files.put(HLS + "multivariant.m3u8", edited.getBytes(StandardCharsets.UTF_8));
    }
}
