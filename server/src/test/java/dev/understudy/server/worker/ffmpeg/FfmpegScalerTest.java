package dev.understudy.server.worker.ffmpeg;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.media.codec.Picture;
import dev.understudy.media.codec.PlanarPicture;
import dev.understudy.media.codec.Scaler;
import dev.understudy.media.layout.Rect;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FfmpegScalerTest {
    private static final int PAINT = 200;

    private static PlanarPicture canvas() {
        PlanarPicture canvas = PlanarPicture.allocate(1_280, 720, Arena.ofAuto());
        canvas.fill(PAINT, PAINT, PAINT);
        return canvas;
    }

    @ParameterizedTest(name = "{0}x{1} into {4}x{5} at {2},{3}")
    @CsvSource({
        "1280, 720, 0, 0, 640, 360",
        "1280, 720, 640, 360, 640, 360",
        "1280, 720, 2, 2, 638, 358",
        "1280, 720, 854, 0, 426, 240",
        "641, 361, 426, 240, 426, 240",
        "320, 180, 100, 100, 34, 20",
        "640, 360, 0, 0, 1280, 720",
        "1920, 1080, 1278, 718, 2, 2",
        "2, 2, 0, 0, 1280, 720",
    })
    void paintsItsRectangleAndNothingElse(int width, int height, int x, int y, int toWidth, int toHeight) {
        PlanarPicture source = PlanarPicture.allocate(width, height, Arena.ofAuto());
        source.fill(100, 90, 110);
        PlanarPicture canvas = canvas();
        Rect place = new Rect(x, y, toWidth, toHeight);
        try (Scaler scaler = new FfmpegScaler()) {
            scaler.scale(source, canvas.view(place));
        }

        PlanarPicture expected = canvas();
        PlanarPicture painted = PlanarPicture.allocate(toWidth, toHeight, Arena.ofAuto());
        painted.fill(100, 90, 110);
        Pictures.copy(painted, expected.view(place));
        assertThat(firstDifference(canvas, expected)).isEqualTo("none");
    }

    private static String firstDifference(Picture a, Picture b) {
        for (int plane = 0; plane < Picture.PLANES; plane++) {
            for (int y = 0; y < a.planeHeight(plane); y++) {
                for (int x = 0; x < a.planeWidth(plane); x++) {
                    if (Math.abs(TestPictures.get(a, plane, x, y) - TestPictures.get(b, plane, x, y)) > 1) {
                        return "plane " + plane + " at " + x + "," + y + ": " + TestPictures.get(a, plane, x, y);
                    }
                }
            }
        }
        return "none";
    }

    @Test
    void copiesAnEqualSizeExactly() {
        PlanarPicture source = TestPictures.moving(640, 360, 3);
        PlanarPicture canvas = canvas();
        Picture view = canvas.view(new Rect(320, 180, 640, 360));
        try (Scaler scaler = new FfmpegScaler()) {
            scaler.scale(source, view);
        }
        assertThat(TestPictures.psnr(source, view)).isEqualTo(99);
    }

    @Test
    void keepsASmoothPictureAlike() {
        PlanarPicture half = PlanarPicture.allocate(640, 360, Arena.ofAuto());
        PlanarPicture whole = PlanarPicture.allocate(1_280, 720, Arena.ofAuto());
        PlanarPicture source = TestPictures.moving(1_280, 720, 0);
        try (Scaler scaler = new FfmpegScaler()) {
            scaler.scale(source, half);
            scaler.scale(half, whole);
        }
        assertThat(TestPictures.psnr(source, whole)).isGreaterThan(40);
    }

    @ParameterizedTest(name = "full-range luma {0} becomes {1}")
    @CsvSource({"0, 16", "255, 235", "128, 126"})
    void bringsFullRangeIntoTheTargetsRange(int full, int limited) {
        PlanarPicture black = PlanarPicture.allocate(320, 180, Arena.ofAuto());
        black.fill(full, 128, 128);
        PlanarPicture source = new PlanarPicture(
                320, 180, black.luma(), black.lumaStride(), black.u(), black.v(), black.chromaStride(), true);
        try (Scaler scaler = new FfmpegScaler()) {
            for (int height : new int[] {180, 90}) {
                PlanarPicture target = PlanarPicture.allocate(height * 16 / 9, height, Arena.ofAuto());
                scaler.scale(source, target);
                assertThat(target.sample(0, 10, 10)).isBetween(limited - 1, limited + 1);
                assertThat(target.sample(1, 10, 10)).isBetween(127, 129);
            }
        }
    }

    @Test
    void takesPicturesOnTheHeap() {
        PlanarPicture source = new PlanarPicture(
                64,
                64,
                MemorySegment.ofArray(new byte[64 * 64]),
                64,
                MemorySegment.ofArray(new byte[32 * 32]),
                MemorySegment.ofArray(new byte[32 * 32]),
                32,
                false);
        source.fill(50, 60, 70);
        PlanarPicture target = new PlanarPicture(
                128,
                128,
                MemorySegment.ofArray(new byte[128 * 128]),
                128,
                MemorySegment.ofArray(new byte[64 * 64]),
                MemorySegment.ofArray(new byte[64 * 64]),
                64,
                false);
        try (Scaler scaler = new FfmpegScaler()) {
            scaler.scale(source, target);
        }
        assertThat(target.sample(0, 127, 127)).isEqualTo(50);
        assertThat(target.sample(2, 63, 63)).isEqualTo(70);
    }
}
