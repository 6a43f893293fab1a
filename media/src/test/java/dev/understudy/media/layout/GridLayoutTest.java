package dev.understudy.media.layout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class GridLayoutTest {
    @ParameterizedTest(name = "{0} tiles on {1}x{2}, gap {3}")
    @CsvSource(textBlock = """
            # tiles | width | height | gap | x,y,width,height of each
            0       | 1280  | 720    | 0   | ''
            1       | 1280  | 720    | 0   | 0,0,1280,720
            2       | 1280  | 720    | 0   | 0,180,640,360    640,180,640,360
            3       | 1280  | 720    | 0   | 0,0,640,360      640,0,640,360      320,360,640,360
            4       | 1280  | 720    | 8   | 4,0,632,356      644,0,632,356      4,364,632,356      644,364,632,356
            2       | 720   | 1280   | 2   | 0,234,720,404    0,640,720,404
            """, delimiter = '|')
    void arranges(int tiles, int width, int height, int gap, String expected) {
        assertThat(new GridLayout(width, height, gap, 16.0 / 9).arrange(tiles)).isEqualTo(rects(expected));
    }

    @ParameterizedTest(name = "{0} tiles of {1}")
    @CsvSource(textBlock = """
            1 | 1    | 280,0,720,720
            2 | 0.75 | 100,0,540,720    640,0,540,720
            4 | 1    | 100,0,360,360    460,0,360,360    820,0,360,360    460,360,360,360
            """, delimiter = '|')
    void arrangesOtherShapes(int tiles, double aspect, String expected) {
        assertThat(new GridLayout(1280, 720, 0, aspect).arrange(tiles)).isEqualTo(rects(expected));
    }

    @ParameterizedTest
    @MethodSource("everyCountAndGap")
    void everyTileIsOnTheCanvasAndEven(int tiles, int halfGap) {
        assertThat(new GridLayout(1280, 720, 2 * halfGap, 16.0 / 9).arrange(tiles))
                .hasSize(tiles)
                .allSatisfy(rect -> {
                    assertThat(rect.x() + rect.width()).isLessThanOrEqualTo(1280);
                    assertThat(rect.y() + rect.height()).isLessThanOrEqualTo(720);
                    assertThat(rect.isEven()).isTrue();
                });
    }

    static Stream<Arguments> everyCountAndGap() {
        return IntStream.rangeClosed(0, 25)
                .boxed()
                .flatMap(tiles -> Stream.of(0, 1, 5, 40).map(gap -> Arguments.of(tiles, gap)));
    }

    @Test
    void gapsThatLeaveNoRoomMakeEmptyTiles() {
        assertThat(new GridLayout(100, 100, 200, 1).arrange(4)).containsOnly(new Rect(0, 0, 0, 0));
    }

    /** Whatever the model permits: canvases from 2 to 1920 pixels a side, gaps of any int, and more tiles than a stage has. */
    @ParameterizedTest
    @MethodSource("seeds")
    void whateverIsAskedForEveryTileIsOnTheCanvasAndNoneOverlap(long seed) {
        var random = new SplittableRandom(seed);
        int width = anySide(random);
        int height = anySide(random);
        int gap = anyGap(random, Math.max(width, height));
        double aspect = List.of(16.0 / 9, 1.0, 3.0 / 4).get(random.nextInt(3));
        int tiles = random.nextInt(26);

        List<Rect> places = new GridLayout(width, height, gap, aspect).arrange(tiles);

        assertThat(places).hasSize(tiles).allSatisfy(place -> {
            assertThat(place.isEven()).isTrue();
            assertThat(place.x() + place.width()).isLessThanOrEqualTo(width);
            assertThat(place.y() + place.height()).isLessThanOrEqualTo(height);
        });
        assertThat(overlaps(places)).isZero();
    }

    private static LongStream seeds() {
        return LongStream.range(0, 500);
    }

    private static int anySide(SplittableRandom random) {
        return 2 * (random.nextBoolean() ? random.nextInt(1, 4) : random.nextInt(1, 961));
    }

    private static int anyGap(SplittableRandom random, int longerSide) {
        return switch (random.nextInt(4)) {
            case 0 -> random.nextInt(4);
            case 1 -> random.nextInt(longerSide);
            case 2 -> longerSide - 1 + random.nextInt(3);
            default -> Integer.MAX_VALUE - random.nextInt(3);
        };
    }

    private static long overlaps(List<Rect> places) {
        return IntStream.range(0, places.size())
                .mapToLong(i -> places.subList(i + 1, places.size()).stream()
                        .filter(other -> overlap(places.get(i), other))
                        .count())
                .sum();
    }

    private static boolean overlap(Rect a, Rect b) {
        return a.x() < b.x() + b.width()
                && b.x() < a.x() + a.width()
                && a.y() < b.y() + b.height()
                && b.y() < a.y() + a.height();
    }

    @ParameterizedTest
    @CsvSource({"1, 2", "3, 4", "1279, 1280", "1280, 1280", "1281, 1280", "2147483647, 1280"})
    void gapsAreEvenAndNoLargerThanTheCanvas(int asked, int gap) {
        assertThat(new GridLayout(1280, 720, asked, 1).gap()).isEqualTo(gap);
    }

    @Test
    void refusesOddSizesAndNegativeGaps() {
        assertThatThrownBy(() -> new GridLayout(1281, 720, 0, 1)).hasMessage("grid of odd size 1281x720");
        assertThatThrownBy(() -> new GridLayout(1280, 720, -1, 1)).hasMessage("negative gap: -1 pixels");
    }

    private static List<Rect> rects(String text) {
        return Arrays.stream(text.split(" +"))
                .filter(rect -> !rect.isEmpty())
                .map(GridLayoutTest::rect)
                .toList();
    }

    private static Rect rect(String text) {
        int[] n = Arrays.stream(text.split(",")).mapToInt(Integer::parseInt).toArray();
        return new Rect(n[0], n[1], n[2], n[3]);
    }
}
