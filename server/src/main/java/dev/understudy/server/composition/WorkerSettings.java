package dev.understudy.server.composition;

import dev.understudy.control.composition.CompositionSpec;
import dev.understudy.control.composition.Layout;
import dev.understudy.control.configuration.Video;
import dev.understudy.media.layout.GridOptions;
import dev.understudy.media.link.LinkMessage;
import java.time.Duration;

/** What every worker of one composition is told. Immutable. */
record WorkerSettings(Video video, Ticks ticks, int segmentSeconds, Duration playoutDelay, GridOptions grid) {
    private static final int AUDIO_BITS_PER_SECOND = 128_000;

    static WorkerSettings of(CompositionSpec spec, CompositionSpec.Recording recording, Duration playoutDelay) {
        return new WorkerSettings(
                recording.video(),
                new Ticks(exactRate(recording.video().framerate())),
                recording.segmentSeconds(),
                playoutDelay,
                grid(spec.layout()));
    }

    LinkMessage.Configure configure(long epochNanos, long firstTick) {
        return new LinkMessage.Configure(
                epochNanos,
                firstTick,
                video.width(),
                video.height(),
                ticks.framesPerSecond(),
                video.bitrate(),
                AUDIO_BITS_PER_SECOND,
                ticks.in(segmentSeconds),
                playoutDelay.toNanos(),
                grid);
    }

    int audioBitsPerSecond() {
        return AUDIO_BITS_PER_SECOND;
    }

    /** What a file can say exactly: a thousandth of a frame a second. */
    private static double exactRate(double framesPerSecond) {
        return Math.round(framesPerSecond * 1_000) / 1_000.0;
    }

    /** Whatever the layout, it is rendered as a grid of equal tiles; a picture in a picture only lends its gap. */
    private static GridOptions grid(Layout layout) {
        return layout.grid()
                .map(grid -> new GridOptions(
                        grid.gridGap(),
                        grid.omitStoppedVideo(),
                        GridOptions.TileShape.valueOf(grid.videoAspectRatio()),
                        fillMode(grid.videoFillMode())))
                .or(() -> layout.pip()
                        .map(pip -> new GridOptions(
                                pip.gridGap(),
                                pip.omitStoppedVideo(),
                                GridOptions.TileShape.VIDEO,
                                fillMode(pip.videoFillMode()))))
                .orElse(GridOptions.DEFAULT);
    }

    private static GridOptions.FillMode fillMode(String asked) {
        return asked.isEmpty() ? GridOptions.DEFAULT.fillMode() : GridOptions.FillMode.valueOf(asked);
    }
}
