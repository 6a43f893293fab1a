package dev.understudy.media.layout;

/**
 * How the grid layout is asked for: the members of the API's {@code GridConfiguration} that change the picture.
 *
 * @param gapPixels between tiles, 0 or more; made even, and no larger than the canvas, when laid out
 * @param omitStoppedVideo whether a participant without video gets no tile at all
 */
public record GridOptions(int gapPixels, boolean omitStoppedVideo, TileShape tileShape, FillMode fillMode) {
    /** The shape of a tile: the API's {@code videoAspectRatio}. */
    public enum TileShape {
        /** Follows the majority of the videos shown. */
        AUTO,
        /** 16:9. */
        VIDEO,
        SQUARE,
        /** 3:4. */
        PORTRAIT
    }

    /** How a video of another shape meets its tile: the API's {@code videoFillMode}. */
    public enum FillMode {
        /** Stretched to the tile's shape. */
        FILL,
        /** Scaled until it covers the tile, the overhang cut off evenly. */
        COVER,
        /** Scaled until it fits whole, black beside it. */
        CONTAIN
    }

    /** What IVS does when a composition names no layout. */
    public static final GridOptions DEFAULT = new GridOptions(2, false, TileShape.VIDEO, FillMode.COVER);

    public GridOptions {
        if (gapPixels < 0) {
            throw new IllegalArgumentException("negative gap: " + gapPixels + " pixels");
        }
    }
}
