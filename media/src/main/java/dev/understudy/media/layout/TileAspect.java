package dev.understudy.media.layout;

import dev.understudy.media.layout.GridOptions.TileShape;
import java.util.Collection;

/** The shape of tiles as a number: width ÷ height. */
public final class TileAspect {
    private static final double VIDEO = 16.0 / 9;
    private static final double PORTRAIT = 3.0 / 4;

    /** A video nearer to a square than this is one: 10 % off on either side. */
    private static final double SQUARE_TOLERANCE = 1.1;

    private TileAspect() {}

    /**
     * The aspect ratio that {@code shape} asks for.
     *
     * @param videos the aspect ratios of the videos shown; AUTO follows the majority of them, and where two shapes are
     *     equally common the wider one
     */
    public static double of(TileShape shape, Collection<Double> videos) {
        return switch (shape) {
            case VIDEO -> VIDEO;
            case SQUARE -> 1;
            case PORTRAIT -> PORTRAIT;
            case AUTO -> majority(videos);
        };
    }

    private static double majority(Collection<Double> videos) {
        long wide = videos.stream().filter(aspect -> aspect > SQUARE_TOLERANCE).count();
        long high =
                videos.stream().filter(aspect -> aspect < 1 / SQUARE_TOLERANCE).count();
        long square = videos.size() - wide - high;
        if (wide >= square && wide >= high) {
            return VIDEO;
        }
        return square >= high ? 1 : PORTRAIT;
    }
}
