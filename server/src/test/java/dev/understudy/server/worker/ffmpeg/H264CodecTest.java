package dev.understudy.server.worker.ffmpeg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.media.codec.AnnexB;
import dev.understudy.media.codec.Codecs.VideoSettings;
import dev.understudy.media.codec.Picture;
import dev.understudy.media.codec.VideoDecoder;
import dev.understudy.media.codec.VideoDecoder.Outcome;
import dev.understudy.media.codec.VideoEncoder;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class H264CodecTest {
    private static final FfmpegCodecs CODECS = new FfmpegCodecs();
    private static final VideoSettings SMALL = new VideoSettings(320, 180, 30, 500_000, 60);

    private record Unit(long tick, boolean isKeyFrame, ByteBuffer annexB) {}

    private static List<Unit> encode(VideoSettings settings, long firstTick, int ticks, Set<Long> keyFrames) {
        List<Unit> units = new ArrayList<>();
        try (VideoEncoder encoder = CODECS.videoEncoder(settings)) {
            VideoEncoder.AccessUnits sink = (tick, isKeyFrame, bytes) ->
                    units.add(new Unit(tick, isKeyFrame, annexB(encoder, isKeyFrame, bytes)));
            for (long tick = firstTick; tick < firstTick + ticks; tick++) {
                Picture picture = TestPictures.moving(settings.width(), settings.height(), tick);
                encoder.encode(tick, picture, keyFrames.contains(tick), sink);
            }
            encoder.finish(sink);
        }
        return units;
    }

    private static ByteBuffer annexB(VideoEncoder encoder, boolean isKeyFrame, ByteBuffer lengthPrefixed) {
        List<ByteBuffer> units = new ArrayList<>();
        if (isKeyFrame) {
            units.add(encoder.sps());
            units.add(encoder.pps());
        }
        units.addAll(AnnexB.fromLengthPrefixed(lengthPrefixed));
        ByteBuffer out = ByteBuffer.allocateDirect(lengthPrefixed.remaining() + 200);
        units.forEach(unit -> out.putInt(1).put(unit));
        return out.flip();
    }

    @Test
    void comesBackAlikeAndAtOnce() {
        List<Unit> units = encode(SMALL, 0, 30, Set.of());

        try (VideoDecoder decoder = CODECS.videoDecoder()) {
            for (Unit unit : units) {
                assertThat(decoder.decode(unit.annexB)).isEqualTo(Outcome.PICTURE);
                assertThat(decoder.picture().width()).isEqualTo(320);
                assertThat(decoder.picture().height()).isEqualTo(180);
                assertThat(decoder.picture().isFullRange()).isFalse();
                assertThat(TestPictures.psnr(TestPictures.moving(320, 180, unit.tick), decoder.picture()))
                        .as("PSNR at tick %d", unit.tick)
                        .isGreaterThan(38);
            }
        }
    }

    /** The corners of what the model permits for an encoder configuration. */
    @ParameterizedTest(name = "{0}x{1}, {2} fps, {3} bit/s")
    @CsvSource(textBlock = """
            2,    2,    1,     1
            2,    2,    60,    8500000
            2,    1920, 1,     999
            1920, 2,    60,    1
            1920, 1080, 1,     1
            1920, 1080, 60,    8500000
            1080, 1920, 1.001, 8500000
            1080, 1920, 60,    1
            1440, 1440, 29.97, 1000
            18,   14,   23.976, 1001
            """)
    void everySizeAndRateThatTheModelPermitsIsEncoded(
            int width, int height, double framesPerSecond, int bitsPerSecond) {
        List<Unit> units =
                encode(new VideoSettings(width, height, framesPerSecond, bitsPerSecond, 60), 0, 4, Set.of(2L));

        assertThat(units).extracting(Unit::tick).containsExactly(0L, 1L, 2L, 3L);
        assertThat(units).extracting(Unit::isKeyFrame).containsExactly(true, false, true, false);
        try (VideoDecoder decoder = CODECS.videoDecoder()) {
            for (Unit unit : units) {
                assertThat(decoder.decode(unit.annexB)).isEqualTo(Outcome.PICTURE);
                assertThat(decoder.picture().width()).isEqualTo(width);
                assertThat(decoder.picture().height()).isEqualTo(height);
            }
        }
    }

    @Test
    void saysWhyNoEncoderOpens() {
        assertThatThrownBy(() -> CODECS.videoEncoder(new VideoSettings(0, 180, 30, 500_000, 60)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("no H.264 encoder opens for VideoSettings[width=0, height=180,")
                .hasMessageContaining("libx264: ")
                .hasMessageNotContaining("FFmpeg has no libx264");
    }

    @Test
    void isOneAccessUnitATickWithKeyFramesExactlyWhereAsked() {
        List<Unit> units = encode(SMALL, 600, 90, Set.of(637L, 660L));

        assertThat(units).extracting(Unit::tick).containsExactlyElementsOf(ticks(600, 90));
        assertThat(units).filteredOn(Unit::isKeyFrame).extracting(Unit::tick).containsExactly(600L, 637L, 660L);
        assertThat(units)
                .filteredOn(unit -> AnnexB.nalUnits(unit.annexB).stream().anyMatch(nal -> AnnexB.nalType(nal) == 5))
                .extracting(Unit::tick)
                .containsExactly(600L, 637L, 660L);
    }

    private static List<Long> ticks(long first, int count) {
        List<Long> ticks = new ArrayList<>();
        for (long tick = first; tick < first + count; tick++) {
            ticks.add(tick);
        }
        return ticks;
    }

    @Test
    void staysWithinItsBitrate() {
        List<Unit> units = encode(SMALL, 0, 150, Set.of(60L, 120L));

        long bytes = units.stream().mapToLong(unit -> unit.annexB.remaining()).sum();

        assertThat(8 * bytes / 5).isLessThan(SMALL.bitsPerSecond() * 5L / 4);
    }

    @Test
    void hasAFasterPresetFromTheNextForcedKeyFrameOn() {
        try (VideoEncoder encoder = CODECS.videoEncoder(SMALL);
                VideoDecoder decoder = CODECS.videoDecoder()) {
            List<Long> shown = new ArrayList<>();
            VideoEncoder.AccessUnits sink = (tick, isKeyFrame, bytes) -> {
                if (decoder.decode(annexB(encoder, isKeyFrame, bytes)) == Outcome.PICTURE) {
                    shown.add(tick);
                }
            };
            ByteBuffer before = encoder.pps();
            encoder.encode(0, TestPictures.moving(320, 180, 0), false, sink);

            assertThat(encoder.fasten()).isTrue();
            assertThat(encoder.fasten()).isTrue();
            assertThat(encoder.fasten()).isFalse();
            encoder.encode(1, TestPictures.moving(320, 180, 1), false, sink);
            assertThat(encoder.pps()).isEqualTo(before);
            encoder.encode(2, TestPictures.moving(320, 180, 2), true, sink);
            encoder.encode(3, TestPictures.moving(320, 180, 3), false, sink);

            assertThat(encoder.pps()).isNotEqualTo(before);
            assertThat(shown).containsExactly(0L, 1L, 2L, 3L);
        }
    }

    @Test
    void oneDecoderTakesEverySize() {
        try (VideoDecoder decoder = CODECS.videoDecoder()) {
            for (int height : new int[] {720, 360, 180, 720}) {
                VideoSettings settings = new VideoSettings(height * 16 / 9, height, 30, 1_000_000, 60);
                for (Unit unit : encode(settings, 0, 2, Set.of())) {
                    assertThat(decoder.decode(unit.annexB)).isEqualTo(Outcome.PICTURE);
                    assertThat(decoder.picture().height()).isEqualTo(height);
                }
            }
        }
    }

    @Test
    void parameterSetsAloneAreNothingAndAFrameWithoutAKeyFrameIsDamaged() {
        List<Unit> units = encode(SMALL, 0, 2, Set.of());
        ByteBuffer sets = units.getFirst().annexB.duplicate();
        List<ByteBuffer> nals = AnnexB.nalUnits(sets);
        ByteBuffer alone = ByteBuffer.allocate(100);
        nals.subList(0, 2).forEach(nal -> alone.putInt(1).put(nal.duplicate()));
        try (VideoDecoder decoder = CODECS.videoDecoder()) {
            assertThat(decoder.decode(alone.flip())).isEqualTo(Outcome.NOTHING);
            assertThat(decoder.decode(units.getLast().annexB)).isEqualTo(Outcome.DAMAGED);
            assertThat(decoder.picture()).isNull();
            assertThat(decoder.decode(ByteBuffer.allocate(0))).isEqualTo(Outcome.DAMAGED);
        }
    }

    @Test
    void aTruncatedFrameIsDamagedAndTheLastPictureStays() {
        List<Unit> units = encode(SMALL, 0, 3, Set.of());
        ByteBuffer cut = units.get(1).annexB.duplicate();
        cut.limit(cut.limit() * 2 / 3);
        try (VideoDecoder decoder = CODECS.videoDecoder()) {
            decoder.decode(units.getFirst().annexB);
            Picture last = decoder.picture();

            assertThat(decoder.decode(cut)).isEqualTo(Outcome.DAMAGED);

            assertThat(decoder.picture()).isSameAs(last);
            assertThat(TestPictures.psnr(TestPictures.moving(320, 180, 0), decoder.picture()))
                    .isGreaterThan(38);
        }
    }

    @RepeatedTest(40)
    void survivesCorruptBytesAndGoesOnAtTheNextKeyFrame(RepetitionInfo run) {
        var random = new SplittableRandom(run.getCurrentRepetition());
        List<Unit> units = SEQUENCE;
        try (VideoDecoder decoder = CODECS.videoDecoder()) {
            for (Unit unit : units) {
                decoder.decode(corrupt(unit.annexB, random));
            }
            Outcome last = Outcome.NOTHING;
            for (Unit unit : units) {
                last = decoder.decode(unit.annexB);
            }
            assertThat(last).isEqualTo(Outcome.PICTURE);
            assertThat(TestPictures.psnr(TestPictures.moving(320, 180, 19), decoder.picture()))
                    .isGreaterThan(38);
        }
    }

    private static final List<Unit> SEQUENCE = encode(SMALL, 0, 20, Set.of(10L));

    private static ByteBuffer corrupt(ByteBuffer whole, SplittableRandom random) {
        ByteBuffer bytes =
                ByteBuffer.allocate(whole.remaining()).put(whole.duplicate()).flip();
        for (int i = random.nextInt(20); i > 0; i--) {
            bytes.put(random.nextInt(bytes.limit()), (byte) random.nextInt());
        }
        return random.nextInt(4) == 0 ? bytes.limit(random.nextInt(bytes.limit() + 1)) : bytes;
    }
}
