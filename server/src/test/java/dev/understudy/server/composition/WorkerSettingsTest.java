package dev.understudy.server.composition;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.control.composition.CompositionSpec;
import dev.understudy.control.composition.Layout;
import dev.understudy.control.configuration.Video;
import dev.understudy.media.layout.GridLayout;
import dev.understudy.media.layout.GridOptions;
import dev.understudy.media.layout.Rect;
import dev.understudy.media.layout.TileAspect;
import dev.understudy.media.link.LinkMessage;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class WorkerSettingsTest {
    private static final List<String> FILL_MODES = List.of("", "FILL", "COVER", "CONTAIN");
    private static final List<String> ASPECT_RATIOS = List.of("AUTO", "VIDEO", "SQUARE", "PORTRAIT");
    private static final List<String> POSITIONS = List.of("TOP_LEFT", "TOP_RIGHT", "BOTTOM_LEFT", "BOTTOM_RIGHT");

    /** At the least and the greatest of what the model permits for each member, and a few between. */
    @ParameterizedTest
    @MethodSource("seeds")
    void everyLayoutThatTheModelPermitsStandsOnItsCanvas(long seed) {
        var random = new SplittableRandom(seed);
        var video = new Video(side(random), side(random), random.nextBoolean() ? 1 : 60, 1);
        Layout layout = random.nextBoolean()
                ? new Layout(Optional.of(grid(random)), Optional.empty())
                : new Layout(Optional.empty(), Optional.of(pip(random)));

        LinkMessage.Configure configure = settings(layout, video).configure(0, 0);

        GridOptions options = configure.grid();
        double aspect = TileAspect.of(options.tileShape(), List.of());
        var canvas = new GridLayout(configure.width(), configure.height(), options.gapPixels(), aspect);
        for (int tiles = 0; tiles < 25; tiles++) {
            assertThat(canvas.arrange(tiles)).hasSize(tiles).allSatisfy(place -> isOn(video, place));
        }
    }

    private static LongStream seeds() {
        return LongStream.range(0, 200);
    }

    private static void isOn(Video canvas, Rect place) {
        assertThat(place.isEven()).isTrue();
        assertThat(place.x() + place.width()).isLessThanOrEqualTo(canvas.width());
        assertThat(place.y() + place.height()).isLessThanOrEqualTo(canvas.height());
    }

    private static WorkerSettings settings(Layout layout, Video video) {
        var recording =
                new CompositionSpec.Recording("destination", "encoder", video, "bucket", "prefix", 2, Optional.empty());
        var spec = new CompositionSpec("arn", "id", "stage", layout, List.of(recording), Instant.EPOCH, false);
        return WorkerSettings.of(spec, recording, Duration.ofMillis(250));
    }

    private static Layout.Grid grid(SplittableRandom random) {
        return new Layout.Grid(
                "", random.nextBoolean(), any(ASPECT_RATIOS, random), any(FILL_MODES, random), pixels(0, random), "");
    }

    private static Layout.Pip pip(SplittableRandom random) {
        return new Layout.Pip(
                "",
                random.nextBoolean(),
                any(FILL_MODES, random),
                pixels(0, random),
                "",
                "STATIC",
                pixels(0, random),
                any(POSITIONS, random),
                Optional.of(pixels(1, random)),
                Optional.of(pixels(1, random)),
                "");
    }

    private static int side(SplittableRandom random) {
        return any(List.of(2, 4, 180, 720, 1080, 1440), random);
    }

    private static int pixels(int least, SplittableRandom random) {
        return any(List.of(least, least + 1, 719, 1920, 1921, Integer.MAX_VALUE - 1, Integer.MAX_VALUE), random);
    }

    private static <T> T any(List<T> values, SplittableRandom random) {
        return values.get(random.nextInt(values.size()));
    }
}
