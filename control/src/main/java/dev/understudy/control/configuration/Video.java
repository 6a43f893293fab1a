package dev.understudy.control.configuration;

import dev.understudy.control.api.ApiException;
import java.util.Optional;

/**
 * The picture that a composition is encoded to.
 *
 * @param width in pixels, even, 2 to 1920
 * @param height in pixels, even, 2 to 1920
 * @param framerate in frames a second, 1 to 60
 * @param bitrate in bits a second
 */
public record Video(int width, int height, double framerate, int bitrate) {
    public static final Video DEFAULT = new Video(1280, 720, 30, 2_500_000);

    /** That of 1920x1080, upright or not. */
    private static final int MAX_PIXELS = 2_073_600;

    /** What a request may leave out. */
    public record Asked(
            Optional<Integer> width, Optional<Integer> height, Optional<Double> framerate, Optional<Integer> bitrate) {}

    /** What was asked for, completed by the defaults; throws {@link ApiException} where no encoder can do it. */
    static Video of(Asked asked) {
        Video video = new Video(
                asked.width().orElse(DEFAULT.width),
                asked.height().orElse(DEFAULT.height),
                asked.framerate().orElse(DEFAULT.framerate),
                asked.bitrate().orElse(DEFAULT.bitrate));
        checkEven("video.width", video.width);
        checkEven("video.height", video.height);
        if (video.width * video.height > MAX_PIXELS) {
            throw ApiException.invalid(
                    "video", "must have a width times height less than or equal to " + MAX_PIXELS + " pixels");
        }
        return video;
    }

    private static void checkEven(String member, int pixels) {
        if (pixels % 2 != 0) {
            throw ApiException.invalid(member, "must be an even number");
        }
    }
}
