package dev.understudy.media.layout;

import dev.understudy.media.layout.GridOptions.FillMode;

/**
 * How a video meets its tile: which part of it is seen, and where.
 *
 * <p>Both rectangles are even. Where a video that covers its tile is within 2 % of a whole multiple of it, exactly that
 * multiple is cut out: a gap of two pixels makes tiles of 638×358, and scaling 1276×716 of 1280×720 by exactly 2:1 takes
 * a third of the time of any ratio beside it.
 *
 * @param crop in the video
 * @param destination on the canvas
 */
public record TileFit(Rect crop, Rect destination) {
    private static final double MOST_CUT_FOR_A_WHOLE_RATIO = 0.02;

    /**
     * Fits a video into a tile.
     *
     * @param width of the video, at least 2
     * @param height of the video, at least 2
     * @param tile not empty
     */
    public static TileFit of(int width, int height, Rect tile, FillMode mode) {
        Rect whole = new Rect(0, 0, even(width), even(height));
        return switch (mode) {
            case FILL -> new TileFit(whole, tile);
            case COVER -> new TileFit(cover(whole, tile), tile);
            case CONTAIN -> new TileFit(whole, contain(whole, tile));
        };
    }

    private static Rect cover(Rect video, Rect tile) {
        double scale = Math.min((double) video.width() / tile.width(), (double) video.height() / tile.height());
        long multiple = (long) scale;
        boolean isNearlyWhole = multiple > 0 && scale / multiple - 1 <= MOST_CUT_FOR_A_WHOLE_RATIO;
        double ratio = isNearlyWhole ? multiple : scale;
        return centred(video, tile.width() * ratio, tile.height() * ratio);
    }

    private static Rect contain(Rect video, Rect tile) {
        double scale = Math.min((double) tile.width() / video.width(), (double) tile.height() / video.height());
        return centred(tile, video.width() * scale, video.height() * scale);
    }

    /** The even rectangle nearest to a size, in the middle of {@code outer}. */
    private static Rect centred(Rect outer, double width, double height) {
        int innerWidth = Math.clamp(2 * Math.round(width / 2), 2, outer.width());
        int innerHeight = Math.clamp(2 * Math.round(height / 2), 2, outer.height());
        int x = outer.x() + even((outer.width() - innerWidth) / 2);
        int y = outer.y() + even((outer.height() - innerHeight) / 2);
        return new Rect(x, y, innerWidth, innerHeight);
    }

    private static int even(int pixels) {
        return pixels & ~1;
    }
}
