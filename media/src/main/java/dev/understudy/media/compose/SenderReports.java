package dev.understudy.media.compose;

/**
 * The line through a track's last sender reports: what its RTP clock says against the sender's wall clock (RFC 3550
 * section 6.4.1).
 *
 * <p>A report is written some milliseconds before or after the moment it names, and an RTP clock (a sound card) runs up
 * to some hundred ppm off the wall clock. A straight line through the last 20 follows the second and is not shaken by
 * the first. Until they span ten seconds, only their mean counts, with the nominal slope.
 */
final class SenderReports {
    private static final int MAX_REPORTS = 20;
    private static final long MIN_SPAN_NANOS = 10_000_000_000L;

    /** A report farther off the line means that one of the clocks was set: the line begins anew. */
    private static final long MAX_DEVIATION_NANOS = 500_000_000L;

    /** No clock that is right runs further off: 0.5 %. */
    private static final double MAX_SLOPE = 0.005;

    private final long[] media = new long[MAX_REPORTS];
    private final long[] wall = new long[MAX_REPORTS];
    private int count;

    private long originMedia;
    private long originWall;
    private double offset;
    private double slope;

    boolean isEmpty() {
        return count == 0;
    }

    void clear() {
        count = 0;
    }

    /**
     * Takes note of a report.
     *
     * @param mediaNanos the RTP time in nanoseconds at the nominal clock rate, from any origin
     * @param wallNanos the NTP time
     */
    void add(long mediaNanos, long wallNanos) {
        if (count > 0 && mediaNanos <= media[count - 1]) {
            return;
        }
        if (count > 0 && Math.abs(wallNanos - wallNanos(mediaNanos)) > MAX_DEVIATION_NANOS) {
            count = 0;
        }
        if (count == MAX_REPORTS) {
            System.arraycopy(media, 1, media, 0, --count);
            System.arraycopy(wall, 1, wall, 0, count);
        }
        media[count] = mediaNanos;
        wall[count] = wallNanos;
        count++;
        fit();
    }

    /** The sender's wall clock at a moment of its media. Only with a report. */
    long wallNanos(long mediaNanos) {
        long sinceOrigin = mediaNanos - originMedia;
        return originWall + sinceOrigin + Math.round(offset + slope * sinceOrigin);
    }

    /** Least squares on how far each report is off the nominal line; the newest report is the origin. */
    private void fit() {
        originMedia = media[count - 1];
        originWall = wall[count - 1];
        double meanX = 0;
        double meanY = 0;
        for (int i = 0; i < count; i++) {
            meanX += x(i) / count;
            meanY += y(i) / count;
        }
        double xx = 0;
        double xy = 0;
        for (int i = 0; i < count; i++) {
            xx += (x(i) - meanX) * (x(i) - meanX);
            xy += (x(i) - meanX) * (y(i) - meanY);
        }
        boolean isLong = originMedia - media[0] >= MIN_SPAN_NANOS;
        slope = isLong ? Math.clamp(xy / xx, -MAX_SLOPE, MAX_SLOPE) : 0;
        offset = meanY - slope * meanX;
    }

    private double x(int report) {
        return media[report] - originMedia;
    }

    private double y(int report) {
        return (wall[report] - originWall) - (media[report] - originMedia);
    }
}
