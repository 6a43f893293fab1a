package dev.understudy.bench;

import dev.understudy.protocol.hls.MediaPlaylist;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The colour of the right-hand one of two tiles in every picture of a recording, and when each picture was due.
 *
 * @param startsAt when the first picture was due
 * @param colours of each picture, on average
 */
record ComposedPictures(Instant startsAt, List<Colour> colours) {
    private static final double FRAMES_PER_SECOND = 30;

    /** Small, because only colour matters. */
    private static final int WIDTH = 64;

    private static final int HEIGHT = 36;

    /** The inner part of the tile that covers the right half, in the middle of the canvas. */
    private static final int LEFT = 34;

    private static final int RIGHT = 62;
    private static final int TOP = 11;
    private static final int BOTTOM = 25;

    /** Moving text and bars shift a tile's colour by less; another tile's colour is farther away. */
    private static final double SAME_COLOUR = 6;

    /** Cb and Cr. */
    record Colour(double blue, double red) {
        boolean isLike(Colour other) {
            return Math.hypot(blue - other.blue, red - other.red) < SAME_COLOUR;
        }
    }

    ComposedPictures {
        colours = List.copyOf(colours);
    }

    /** Decodes every picture of the recording by ffmpeg. */
    static ComposedPictures decode(Path recording) throws IOException {
        Path multivariant = recording.resolve("media/hls/multivariant.m3u8");
        Process ffmpeg = new ProcessBuilder(List.of(
                        "ffmpeg",
                        "-v",
                        "error",
                        "-i",
                        multivariant.toString(),
                        "-vf",
                        "scale=" + WIDTH + ":" + HEIGHT,
                        "-fps_mode",
                        "passthrough",
                        "-pix_fmt",
                        "yuv444p",
                        "-f",
                        "rawvideo",
                        "-"))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        byte[] planes = ffmpeg.getInputStream().readAllBytes();
        return new ComposedPictures(startsAt(recording), colours(planes));
    }

    private static List<Colour> colours(byte[] planes) {
        int plane = WIDTH * HEIGHT;
        return IntStream.range(0, planes.length / (3 * plane))
                .map(picture -> 3 * picture * plane)
                .mapToObj(start -> new Colour(mean(planes, start + plane), mean(planes, start + 2 * plane)))
                .toList();
    }

    private static double mean(byte[] planes, int start) {
        return IntStream.range(TOP, BOTTOM)
                .flatMap(y -> IntStream.range(LEFT, RIGHT).map(x -> planes[start + y * WIDTH + x] & 0xFF))
                .average()
                .orElseThrow();
    }

    private static Instant startsAt(Path recording) throws IOException {
        try (Stream<Path> below = Files.find(recording, 4, (path, _) -> path.endsWith("playlist.m3u8"))) {
            Path file = below.findFirst().orElseThrow();
            MediaPlaylist playlist = MediaPlaylist.parse(Files.readString(file));
            if (playlist == null || playlist.parts().size() != 1) {
                throw new IllegalStateException(file + " is not a playlist of one part; nothing can be measured");
            }
            return playlist.parts().getFirst().startsAt();
        }
    }

    /**
     * When the first picture after {@code from} was due that looks as the one at {@code reference} does.
     *
     * @throws IllegalStateException when that was there already, so that nothing came
     */
    Instant firstLike(Instant reference, Instant from) {
        int model = pictureAt(reference);
        int before = pictureAt(from);
        int first = IntStream.range(before, model)
                .filter(i -> colours.get(i).isLike(colours.get(model)))
                .findFirst()
                .orElse(model);
        if (first == before) {
            throw new IllegalStateException("picture " + before + " shows already what is to come in " + model);
        }
        return startsAt.plus(Duration.ofNanos(Math.round(first * 1e9 / FRAMES_PER_SECOND)));
    }

    private int pictureAt(Instant time) {
        double picture = Duration.between(startsAt, time).toNanos() * FRAMES_PER_SECOND / 1e9;
        return Math.clamp((long) picture, 0, colours.size() - 1);
    }
}
