package dev.understudy.server.worker.ffmpeg;

/**
 * What a synthetic publisher shows and sounds like.
 *
 * @param name written into the picture
 * @param width even
 * @param height even
 * @param framesPerSecond divides 90 000, so that a second is a whole number of frames
 * @param seconds how long until it begins again
 * @param toneHz of its beep, whole, so that it fits into a second
 * @param pattern chooses the colour of the picture; any number
 * @param videoBitsPerSecond on average and at most in a second
 */
public record ClipSettings(
        String name,
        int width,
        int height,
        int framesPerSecond,
        int seconds,
        int toneHz,
        int pattern,
        int videoBitsPerSecond) {
    /** Ten minutes are some 150 MB of a clip, which is held in memory. */
    public static final int MAX_SECONDS = 600;

    private static final int VIDEO_CLOCK_RATE = 90_000;
    private static final int MAX_FRAMES_PER_SECOND = 60;

    public ClipSettings {
        if (((width | height) & 1) != 0 || width < 2 || height < 2 || (long) width * height > H264Decoder.MAX_PIXELS) {
            throw new IllegalArgumentException("a clip of " + width + "x" + height);
        }
        if (framesPerSecond < 1 || framesPerSecond > MAX_FRAMES_PER_SECOND || VIDEO_CLOCK_RATE % framesPerSecond != 0) {
            throw new IllegalArgumentException("a clip of " + framesPerSecond + " frames a second");
        }
        if (seconds < 1 || seconds > MAX_SECONDS) {
            throw new IllegalArgumentException("a clip of " + seconds + " seconds");
        }
    }

    ClipSettings withSeconds(int other) {
        return new ClipSettings(name, width, height, framesPerSecond, other, toneHz, pattern, videoBitsPerSecond);
    }

    /** 720p30 of five seconds at 2 Mbit/s. */
    public static ClipSettings hd(String name, int pattern, int toneHz) {
        return new ClipSettings(name, 1_280, 720, 30, 5, toneHz, pattern, 2_000_000);
    }
}
