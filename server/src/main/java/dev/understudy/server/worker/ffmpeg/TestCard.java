package dev.understudy.server.worker.ffmpeg;

import dev.understudy.media.codec.Picture;
import dev.understudy.media.codec.PlanarPicture;
import dev.understudy.media.compose.TextPainter;
import dev.understudy.media.layout.Rect;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.util.Locale;

/**
 * Draws a synthetic publisher's picture: a gradient in a colour of its own, a bar that moves, its name and a clock, and
 * a white square that flashes at the start of every second, when it beeps.
 *
 * <p>Confined to one thread.
 */
final class TestCard {
    /** How long flash and beep last. */
    static final double FLASH_SECONDS = 0.1;

    private static final int WHITE = 235;
    private static final int BLACK = 16;
    private static final int NEUTRAL = 128;

    /** Chroma of the patterns, (Cb, Cr) each; what is beyond begins anew. */
    private static final int[][] COLOURS = {
        {160, 90}, {90, 160}, {100, 100}, {160, 160}, {128, 180}, {190, 120}, {80, 128}, {128, 70}
    };

    private final ClipSettings settings;
    private final PlanarPicture background;
    private final PlanarPicture picture;

    TestCard(ClipSettings settings, Arena arena) {
        this.settings = settings;
        this.background = PlanarPicture.allocate(settings.width(), settings.height(), arena);
        this.picture = PlanarPicture.allocate(settings.width(), settings.height(), arena);
        int[] colour = COLOURS[Math.floorMod(settings.pattern(), COLOURS.length)];
        background.fill(BLACK, colour[0], colour[1]);
        for (int y = 0; y < settings.height(); y++) {
            for (int x = 0; x < settings.width(); x++) {
                int luma = 60 + 60 * x / settings.width() + 40 * y / settings.height();
                background.luma().set(ValueLayout.JAVA_BYTE, (long) y * background.lumaStride() + x, (byte) luma);
            }
        }
        Rect upper = part(0.05, 0.06, 0.9, 0.2);
        TextPainter.paint(background, settings.name(), upper, WHITE);
    }

    /** The picture of a frame; drawn over by the next call. */
    Picture draw(int frame) {
        Pictures.copy(background, picture);
        int inSecond = frame % settings.framesPerSecond();
        double progress = (double) inSecond / settings.framesPerSecond();
        fill(part(0.9 * progress, 0.9, 0.1, 0.06), WHITE);
        String clock = String.format(Locale.ROOT, "%02d:%02d", frame / settings.framesPerSecond(), inSecond);
        TextPainter.paint(picture, clock, part(0.05, 0.65, 0.9, 0.2), WHITE);
        fill(flash(), progress < FLASH_SECONDS ? WHITE : BLACK);
        return picture;
    }

    /** Where the square is. */
    Rect flash() {
        return part(0.4, 0.32, 0.2, 0.3);
    }

    private Rect part(double x, double y, double width, double height) {
        return new Rect(
                even(x * settings.width()),
                even(y * settings.height()),
                Math.max(2, even(width * settings.width())),
                Math.max(2, even(height * settings.height())));
    }

    private static int even(double pixels) {
        return (int) pixels & ~1;
    }

    private void fill(Rect rect, int luma) {
        if (rect.x() + rect.width() <= picture.width() && rect.y() + rect.height() <= picture.height()) {
            picture.view(rect).fill(luma, NEUTRAL, NEUTRAL);
        }
    }
}
