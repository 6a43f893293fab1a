package dev.understudy.server.worker.ffmpeg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.media.codec.AnnexB;
import dev.understudy.media.codec.AudioDecoder;
import dev.understudy.media.codec.Picture;
import dev.understudy.media.codec.Sps;
import dev.understudy.media.codec.VideoDecoder;
import dev.understudy.media.layout.Rect;
import dev.understudy.server.publish.Clip;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClipEncoderTest {
    private static final ClipSettings SETTINGS = new ClipSettings("Zoë", 320, 180, 30, 3, 880, 1, 400_000);
    private static final Clip CLIP = ClipEncoder.encode(SETTINGS);

    @Test
    void isAWholeNumberOfSecondsWithAKeyFrameInEach() {
        assertThat(CLIP.duration()).isEqualTo(Duration.ofSeconds(3));
        assertThat(CLIP.video()).extracting(Clip.Frame::ticks).isEqualTo(multiples(3_000, 90));
        assertThat(CLIP.audio()).extracting(Clip.Frame::ticks).isEqualTo(multiples(960, 150));
        assertThat(CLIP.video())
                .filteredOn(Clip.Frame::isKeyFrame)
                .extracting(Clip.Frame::ticks)
                .containsExactly(0L, 90_000L, 180_000L);
    }

    private static List<Long> multiples(long step, int count) {
        return IntStream.range(0, count).mapToObj(i -> i * step).toList();
    }

    @Test
    void isConstrainedBaselineWithItsParameterSetsInBand() {
        Sps sps = Sps.parse(AnnexB.nalUnits(CLIP.video().getFirst().bytes()).getFirst());

        assertThat(sps.profile()).isEqualTo(66);
        assertThat(sps.constraints() & 0x40).as("constraint_set1_flag").isNotZero();
        assertThat(sps.width()).isEqualTo(320);
        assertThat(sps.height()).isEqualTo(180);
    }

    @Test
    void flashesWhenItBeeps() {
        try (Arena arena = Arena.ofConfined()) {
            Rect flash = new TestCard(SETTINGS, arena).flash();
            assertThat(lumaAt(flash.x() + flash.width() / 2, flash.y() + flash.height() / 2))
                    .containsExactly(flashes());
        }
        assertThat(beeps())
                .allSatisfy(sample -> assertThat((sample + 48) % 48_000).isBetween(0, 144));
    }

    private static Boolean[] flashes() {
        return IntStream.range(0, 90).mapToObj(frame -> frame % 30 < 3).toArray(Boolean[]::new);
    }

    private static List<Boolean> lumaAt(int x, int y) {
        try (VideoDecoder decoder = new FfmpegCodecs().videoDecoder()) {
            return CLIP.video().stream()
                    .map(frame -> {
                        decoder.decode(frame.bytes());
                        Picture picture = decoder.picture();
                        return TestPictures.get(picture, 0, x, y) > 128;
                    })
                    .toList();
        }
    }

    /** The samples at which sound begins after quiet. */
    private static List<Integer> beeps() {
        float[] sound = decode(CLIP.audio());
        return IntStream.range(0, 3)
                .map(second -> firstLoud(sound, Math.max(0, second * 48_000 - 10_000), second * 48_000 + 10_000))
                .boxed()
                .toList();
    }

    private static float[] decode(List<Clip.Frame> audio) {
        float[] out = new float[2 * AudioDecoder.MAX_PACKET_SAMPLES];
        float[] sound = new float[audio.size() * 960];
        try (AudioDecoder decoder = new FfmpegCodecs().audioDecoder()) {
            int at = 0;
            for (Clip.Frame frame : audio) {
                int samples = decoder.decode(frame.bytes(), out);
                for (int i = 0; i < samples; i++) {
                    sound[at++] = out[2 * i];
                }
            }
        }
        return sound;
    }

    private static int firstLoud(float[] sound, int from, int to) {
        return IntStream.range(from, to)
                .filter(i -> Math.abs(sound[i]) > 0.15)
                .findFirst()
                .orElse(-1);
    }

    /** One second and a half of 8 kHz mono in a WAV file, silent but for its second half second. */
    private static Path wav(Path folder) throws IOException {
        ByteBuffer wav = ByteBuffer.allocate(44 + 24_000).order(ByteOrder.LITTLE_ENDIAN);
        wav.put("RIFF".getBytes(StandardCharsets.US_ASCII)).putInt(36 + 24_000);
        wav.put("WAVEfmt ".getBytes(StandardCharsets.US_ASCII)).putInt(16);
        wav.putShort((short) 1).putShort((short) 1).putInt(8_000).putInt(16_000);
        wav.putShort((short) 2).putShort((short) 16);
        wav.put("data".getBytes(StandardCharsets.US_ASCII)).putInt(24_000);
        for (int i = 0; i < 12_000; i++) {
            wav.putShort((short) (i >= 4_000 && i < 8_000 ? 16_000 * Math.sin(i * 0.3) : 0));
        }
        return Files.write(folder.resolve("tone.wav"), wav.array());
    }

    @Test
    void encodesASoundFileInWholeSeconds(@TempDir Path folder) throws IOException {
        Clip clip = ClipEncoder.encodeFile(wav(folder), SETTINGS);

        assertThat(clip.duration()).isEqualTo(Duration.ofSeconds(1));
        assertThat(clip.video()).isEmpty();
        assertThat(clip.audio()).extracting(Clip.Frame::ticks).isEqualTo(multiples(960, 50));
        float[] sound = decode(clip.audio());
        assertThat(firstLoud(sound, 0, 48_000)).isBetween(23_900, 24_200);
    }

    @Test
    void encodesAFileOfPictures(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("clip.h264");
        try (FileChannel out = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            for (Clip.Frame frame : CLIP.video()) {
                out.write(frame.bytes().duplicate());
            }
        }

        Clip clip = ClipEncoder.encodeFile(file, new ClipSettings("", 640, 400, 30, 1, 1, 0, 500_000));

        assertThat(clip.audio()).isEmpty();
        assertThat(clip.video()).hasSize(30 * (int) clip.duration().toSeconds());
        Sps sps = Sps.parse(AnnexB.nalUnits(clip.video().getFirst().bytes()).getFirst());
        assertThat(sps.width()).isEqualTo(640);
        assertThat(sps.height()).isEqualTo(400);
    }

    @Test
    void saysWhichFileIsNoMediaFile(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("notes.txt"), "no media here");

        assertThatThrownBy(() -> ClipEncoder.encodeFile(file, SETTINGS))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("notes.txt");
    }
}
