package dev.understudy.media.codec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.media.layout.Rect;
import java.lang.foreign.Arena;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BoxScalerTest {
    private static PlanarPicture picture(int width, int height, int luma) {
        PlanarPicture picture = PlanarPicture.allocate(width, height, Arena.ofAuto());
        picture.fill(luma, 100, 150);
        return picture;
    }

    @ParameterizedTest
    @CsvSource({"64, 36, 32, 18", "65, 37, 32, 18", "16, 16, 64, 36", "30, 20, 30, 20", "100, 30, 22, 44"})
    void oneColourStaysIt(int width, int height, int targetWidth, int targetHeight) {
        PlanarPicture target = picture(targetWidth, targetHeight, 16);

        new BoxScaler().scale(picture(width, height, 77), target);

        assertThat(target.sample(0, targetWidth - 1, targetHeight - 1)).isEqualTo(77);
        assertThat(target.sample(1, 0, 0)).isEqualTo(100);
        assertThat(target.sample(2, targetWidth / 2 - 1, targetHeight / 2 - 1)).isEqualTo(150);
    }

    @Test
    void staysInsideTheView() {
        PlanarPicture canvas = picture(16, 16, 16);

        new BoxScaler().scale(picture(8, 8, 200), canvas.view(new Rect(4, 6, 8, 4)));

        assertThat(canvas.sample(0, 4, 6)).isEqualTo(200);
        assertThat(canvas.sample(0, 11, 9)).isEqualTo(200);
        assertThat(canvas.sample(0, 3, 6)).isEqualTo(16);
        assertThat(canvas.sample(0, 12, 9)).isEqualTo(16);
        assertThat(canvas.sample(0, 4, 10)).isEqualTo(16);
    }

    @ParameterizedTest(name = "full range luma {0} is {1}")
    @CsvSource({"0, 16", "255, 235", "128, 126"})
    void fullRangeIsConverted(int full, int limited) {
        PlanarPicture plain = picture(4, 4, full);
        PlanarPicture source = new PlanarPicture(
                4, 4, plain.luma(), plain.lumaStride(), plain.u(), plain.v(), plain.chromaStride(), true);
        PlanarPicture target = picture(4, 4, 0);

        new BoxScaler().scale(source, target);

        assertThat(target.sample(0, 2, 2)).isEqualTo(limited);
        assertThat(target.sample(1, 0, 0)).isEqualTo(103);
    }
}
