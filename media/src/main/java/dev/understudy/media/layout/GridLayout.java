package dev.understudy.media.layout;

import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Lays equal tiles out in centred rows. Of all columns × rows it takes those with the largest tile, and of equals those
 * with more columns.
 *
 * @param width of the canvas in pixels
 * @param height of the canvas in pixels
 * @param gap between tiles in pixels, 0 or more; rounded up to an even number, and no larger than the canvas, where it
 *     leaves no room for a second tile anyway
 * @param aspect of a tile, width ÷ height
 */
public record GridLayout(int width, int height, int gap, double aspect) {
    /** All is even, because 4:2:0 video cannot place anything at an odd pixel. */
    public GridLayout {
        if (((width | height) & 1) != 0) {
            throw new IllegalArgumentException("grid of odd size " + width + "x" + height);
        }
        if (gap < 0) {
            throw new IllegalArgumentException("negative gap: " + gap + " pixels");
        }
        gap = even(Math.min(gap, Math.max(width, height)) + 1);
    }

    private record Grid(int columns, int rows, int tileWidth, int tileHeight) {
        int tileArea() {
            return tileWidth * tileHeight;
        }
    }

    /**
     * The tiles' places, row by row, at even pixels. They are empty where the gaps leave no room for them.
     *
     * @param tiles how many, 0 or more
     */
    public List<Rect> arrange(int tiles) {
        if (tiles == 0) {
            return List.of();
        }
        Grid grid = IntStream.rangeClosed(1, tiles)
                .mapToObj(columns -> grid(columns, Math.ceilDiv(tiles, columns)))
                .max(Comparator.comparingInt(Grid::tileArea).thenComparingInt(Grid::columns))
                .orElseThrow();
        return IntStream.range(0, tiles).mapToObj(i -> place(i, tiles, grid)).toList();
    }

    private Grid grid(int columns, int rows) {
        int widest = Math.max(0, width - gap * (columns - 1)) / columns;
        int highest = Math.max(0, height - gap * (rows - 1)) / rows;
        int tileWidth = even((int) Math.min(widest, highest * aspect));
        int tileHeight = even((int) Math.min(highest, Math.round(tileWidth / aspect)));
        return new Grid(columns, rows, tileWidth, tileHeight);
    }

    private Rect place(int tile, int tiles, Grid grid) {
        if (grid.tileArea() == 0) {
            return new Rect(0, 0, 0, 0);
        }
        int row = tile / grid.columns;
        int inRow = Math.min(grid.columns, tiles - row * grid.columns);
        int left = centred(width, inRow, grid.tileWidth);
        int top = centred(height, grid.rows, grid.tileHeight);
        int x = left + tile % grid.columns * (grid.tileWidth + gap);
        int y = top + row * (grid.tileHeight + gap);
        return new Rect(x, y, grid.tileWidth, grid.tileHeight);
    }

    private int centred(int canvas, int count, int size) {
        return even((canvas - count * size - (count - 1) * gap) / 2);
    }

    private static int even(int pixels) {
        return pixels & ~1;
    }
}
