package dev.understudy.media.layout;

/** A rectangle of pixels, {@code x} to the right and {@code y} down from the picture's upper left corner. Immutable. */
public record Rect(int x, int y, int width, int height) {
    public Rect {
        if (x < 0 || y < 0 || width < 0 || height < 0) {
            throw new IllegalArgumentException("negative rectangle " + width + "x" + height + " at " + x + "," + y);
        }
    }

    /** Whether 4:2:0 video can hold it: every edge between two chroma samples. */
    public boolean isEven() {
        return ((x | y | width | height) & 1) == 0;
    }
}
