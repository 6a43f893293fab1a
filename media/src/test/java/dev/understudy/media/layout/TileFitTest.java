package dev.understudy.media.layout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.media.layout.GridOptions.FillMode;
import dev.understudy.media.layout.GridOptions.TileShape;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TileFitTest {
    @ParameterizedTest(name = "{0}x{1} into {2}, {3}")
    @CsvSource(textBlock = """
            # video   | tile            | mode    | crop             | destination
            1280 | 720  | 0,180,640,360   | COVER   | 0,0,1280,720     | 0,180,640,360
            1280 | 720  | 2,0,638,358     | COVER   | 2,2,1276,716     | 2,0,638,358
            640  | 360  | 2,0,638,358     | COVER   | 0,0,638,358      | 2,0,638,358
            720  | 1280 | 0,0,640,360     | COVER   | 0,436,720,406    | 0,0,640,360
            720  | 1280 | 0,0,640,360     | CONTAIN | 0,0,720,1280     | 218,0,202,360
            1280 | 720  | 100,0,540,720   | CONTAIN | 0,0,1280,720     | 100,208,540,304
            720  | 1280 | 0,0,640,360     | FILL    | 0,0,720,1280     | 0,0,640,360
            321  | 181  | 0,0,640,360     | FILL    | 0,0,320,180      | 0,0,640,360
            320  | 180  | 0,0,1280,720    | COVER   | 0,0,320,180      | 0,0,1280,720
            """, delimiter = '|')
    void fits(int width, int height, String tile, FillMode mode, String crop, String destination) {
        assertThat(TileFit.of(width, height, rect(tile), mode)).isEqualTo(new TileFit(rect(crop), rect(destination)));
    }

    @RepeatedTest(300)
    void staysInsideVideoAndTileAndIsEven(RepetitionInfo run) {
        var random = new SplittableRandom(run.getCurrentRepetition());
        int width = random.nextInt(2, 2_000);
        int height = random.nextInt(2, 2_000);
        Rect tile = new Rect(4, 6, 2 * random.nextInt(1, 700), 2 * random.nextInt(1, 400));

        for (FillMode mode : FillMode.values()) {
            TileFit fit = TileFit.of(width, height, tile, mode);

            assertThat(fit.crop().isEven() && fit.destination().isEven()).isTrue();
            assertThat(fit.crop().x() + fit.crop().width()).isBetween(2, width);
            assertThat(fit.crop().y() + fit.crop().height()).isBetween(2, height);
            assertThat(fit.destination().x()).isGreaterThanOrEqualTo(4);
            assertThat(fit.destination().x() + fit.destination().width()).isLessThanOrEqualTo(4 + tile.width());
            assertThat(fit.destination().y() + fit.destination().height()).isLessThanOrEqualTo(6 + tile.height());
        }
    }

    @ParameterizedTest(name = "{0} of {1}")
    @CsvSource(textBlock = """
            VIDEO    | 0.75                | 1.7778
            SQUARE   | 1.78                | 1
            PORTRAIT | 1.78                | 0.75
            AUTO     | ''                  | 1.7778
            AUTO     | 1.78                | 1.7778
            AUTO     | 0.56                | 0.75
            AUTO     | 1.05 0.95 1.78      | 1
            AUTO     | 0.56 0.75 1.78      | 0.75
            AUTO     | 0.56 1.33           | 1.7778
            AUTO     | 0.56 1              | 1
            """, delimiter = '|')
    void tileShapes(TileShape shape, String videos, double expected) {
        List<Double> aspects = Arrays.stream(videos.split(" "))
                .filter(video -> !video.isEmpty())
                .map(Double::valueOf)
                .toList();

        assertThat(TileAspect.of(shape, aspects)).isCloseTo(expected, Offset.offset(1e-4));
    }

    private static Rect rect(String text) {
        int[] n = Arrays.stream(text.trim().split(","))
                .mapToInt(Integer::parseInt)
                .toArray();
        return new Rect(n[0], n[1], n[2], n[3]);
    }
}
