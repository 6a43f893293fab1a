package dev.understudy.e2e;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** All pictures of a recording of four test cards, small: two rows of two tiles. */
final class Pictures {
    private static final int WIDTH = 160;
    private static final int HEIGHT = 90;
    private static final int PLANE = WIDTH * HEIGHT;
    private static final double FRAMES_A_SECOND = 30;

    /** (Cb, Cr) of the test cards of publishers 0 to 3. */
    private static final int[][] PATTERNS = {{160, 90}, {90, 160}, {100, 100}, {160, 160}};

    private final byte[] yuv;

    private Pictures(byte[] yuv) {
        this.yuv = yuv;
    }

    static Pictures of(Path recording) {
        return new Pictures(
                Ffmpeg.pictures(Recordings.mediaPlaylist(recording).orElseThrow(), WIDTH, HEIGHT, "yuv444p"));
    }

    int count() {
        return yuv.length / (3 * PLANE);
    }

    /** Which publisher's colour a tile has; -1 for none of them. */
    int pattern(int tile, int picture) {
        for (int pattern = 0; pattern < PATTERNS.length; pattern++) {
            int cb = at(picture, 1, tile, 0.25, 0.5) - PATTERNS[pattern][0];
            int cr = at(picture, 2, tile, 0.25, 0.5) - PATTERNS[pattern][1];
            if (Math.abs(cb) < 15 && Math.abs(cr) < 15) {
                return pattern;
            }
        }
        return -1;
    }

    /** When the square in a tile turned white, in seconds. */
    List<Double> flashes(int tile) {
        List<Double> flashes = new ArrayList<>();
        for (int picture = 1; picture < count(); picture++) {
            if (at(picture - 1, 0, tile, 0.5, 0.47) < 128 && at(picture, 0, tile, 0.5, 0.47) >= 128) {
                flashes.add(picture / FRAMES_A_SECOND);
            }
        }
        return flashes;
    }

    private int at(int picture, int plane, int tile, double x, double y) {
        int left = tile % 2 * WIDTH / 2;
        int top = Math.floorDiv(tile, 2) * HEIGHT / 2;
        int column = left + (int) (x * WIDTH / 2);
        int row = top + (int) (y * HEIGHT / 2);
        return yuv[(picture * 3 + plane) * PLANE + row * WIDTH + column] & 0xFF;
    }
}
