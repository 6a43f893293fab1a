package dev.understudy.media.compose;

/**
 * Says when a moment of one track is due: RTP timestamps to nanoseconds of the node's clock.
 *
 * <p>A moment is due one playout delay after it would have arrived on the fastest way. Before the first sender report
 * that is known from arrivals alone; then RTP time goes to the sender's wall clock ({@link SenderReports}), and that to
 * the node's clock by the smallest "arrived minus captured" of all tracks of the publisher ({@link PublisherClock}), so
 * that its tracks are in step.
 *
 * <p>What follows from that is where the clock should be. Where it is, follows slowly: not at all within 5 ms, and never
 * faster than 5 ms a second, which audio can follow by resampling. Only three things make it leap: media time that
 * leaps against arrival for about a second (a sender that paused and whose RTP clock stood still), a distance of more
 * than half a second, and, for video, the first report of a track.
 */
final class PlayoutClock {
    private static final long DEAD_BAND_NANOS = 5_000_000L;
    private static final long MAX_SLEW_NANOS_PER_SECOND = 5_000_000L;

    /** What is beyond the dead band is made up for with this time constant, so that a steady drift has a steady answer. */
    private static final double SLEW_SECONDS = 2;

    private static final long LEAP_NANOS = 500_000_000L;

    /** Media later than this, for {@link MinimumOffset#recent}, is not late: its clock stood still. */
    private static final long STALLED_NANOS = 1_000_000_000L;

    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private final int clockRateHz;
    private final long delayNanos;
    private final boolean leapsFreely;
    private final PublisherClock publisher;
    private final SenderReports reports = new SenderReports();
    private final MinimumOffset offsets = new MinimumOffset();

    private long firstTimestamp;
    private long newestMediaNanos;
    private long followedNanos;
    private long toNodeNanos;
    private int tracksReporting;
    private boolean isRunning;

    /**
     * A clock that waits for its first packet.
     *
     * @param leapsFreely whether a leap does no harm, as in video, where one picture stays longer
     */
    PlayoutClock(int clockRateHz, long delayNanos, boolean leapsFreely, PublisherClock publisher) {
        this.clockRateHz = clockRateHz;
        this.delayNanos = delayNanos;
        this.leapsFreely = leapsFreely;
        this.publisher = publisher;
        publisher.add(this);
    }

    /** Whether a packet has come, so that the clock can be asked. */
    boolean isRunning() {
        return isRunning;
    }

    /**
     * Takes note of a packet's arrival.
     *
     * @param timestamp unwrapped RTP time
     */
    void received(long timestamp, long arrivalNanos) {
        if (!isRunning) {
            firstTimestamp = timestamp;
        }
        long mediaNanos = mediaNanos(timestamp);
        newestMediaNanos = isRunning ? Math.max(newestMediaNanos, mediaNanos) : mediaNanos;
        offsets.add(arrivalNanos - senderNanos(mediaNanos), arrivalNanos);
        if (hasLeapt(arrivalNanos - senderNanos(mediaNanos))) {
            startAnew(mediaNanos, arrivalNanos);
        }
        follow(arrivalNanos);
        isRunning = true;
    }

    /**
     * Takes note of a sender report. One that comes before any packet, or that names no time, says nothing.
     *
     * @param ntpTimestamp 32.32 fixed point
     * @param timestamp unwrapped RTP time
     */
    void reported(long ntpTimestamp, long timestamp) {
        if (!isRunning || ntpTimestamp == 0) {
            return;
        }
        long before = senderNanos(newestMediaNanos);
        reports.add(mediaNanos(timestamp), ntpNanos(ntpTimestamp));
        offsets.shift(before - senderNanos(newestMediaNanos));
    }

    /** When the moment {@code timestamp} (unwrapped) is due. Only while running. */
    long playoutNanos(long timestamp) {
        return mediaNanos(timestamp) + toNodeNanos;
    }

    /** The moment, in ticks of the RTP clock, that is due at {@code nodeNanos}. Only while running. */
    double timestampAt(long nodeNanos) {
        return firstTimestamp + (nodeNanos - toNodeNanos) * (clockRateHz / (double) NANOS_PER_SECOND);
    }

    boolean hasReports() {
        return !reports.isEmpty();
    }

    boolean hasPackets() {
        return !offsets.isEmpty();
    }

    /** The smallest "arrived minus captured" of this track alone. */
    long ownOffsetNanos() {
        return offsets.get();
    }

    /** A sender whose clock stood still for a while is late for ever; one whose clock was set forward is early at once. */
    private boolean hasLeapt(long offsetNanos) {
        if (!isRunning) {
            return false;
        }
        long recent = offsets.recent();
        boolean isLate = recent != Long.MAX_VALUE && recent - offsets.get() > STALLED_NANOS;
        return isLate || aimNanos(offsetNanos) < toNodeNanos - STALLED_NANOS;
    }

    private void startAnew(long mediaNanos, long arrivalNanos) {
        reports.clear();
        offsets.clear();
        offsets.add(arrivalNanos - mediaNanos, arrivalNanos);
    }

    private void follow(long nowNanos) {
        long error = aimNanos(publisher.offsetNanos(this)) - toNodeNanos;
        int reporting = publisher.reporting();
        boolean mayLeap = leapsFreely && reporting != tracksReporting;
        tracksReporting = reporting;
        if (!isRunning || mayLeap || Math.abs(error) > LEAP_NANOS) {
            toNodeNanos += error;
        } else {
            toNodeNanos += slew(error, nowNanos - followedNanos);
        }
        followedNanos = isRunning ? Math.max(followedNanos, nowNanos) : nowNanos;
    }

    private static long slew(long errorNanos, long elapsedNanos) {
        long beyond = Math.max(0, Math.abs(errorNanos) - DEAD_BAND_NANOS);
        double elapsedSeconds = Math.max(0, elapsedNanos) / (double) NANOS_PER_SECOND;
        double wanted = beyond * Math.min(1, elapsedSeconds / SLEW_SECONDS);
        double allowed = MAX_SLEW_NANOS_PER_SECOND * elapsedSeconds;
        return Math.round(Math.copySign(Math.min(wanted, allowed), (double) errorNanos));
    }

    /** Where {@link #toNodeNanos} should be, given the distance from the sender's clock. */
    private long aimNanos(long offsetNanos) {
        return senderNanos(newestMediaNanos) - newestMediaNanos + offsetNanos + delayNanos;
    }

    private long senderNanos(long mediaNanos) {
        return reports.isEmpty() ? mediaNanos : reports.wallNanos(mediaNanos);
    }

    private long mediaNanos(long timestamp) {
        long ticks = timestamp - firstTimestamp;
        return Math.floorDiv(ticks, clockRateHz) * NANOS_PER_SECOND
                + Math.floorMod(ticks, clockRateHz) * NANOS_PER_SECOND / clockRateHz;
    }

    private static long ntpNanos(long ntpTimestamp) {
        long fraction = ntpTimestamp & 0xFFFF_FFFFL;
        return (ntpTimestamp >>> 32) * NANOS_PER_SECOND + ((fraction * NANOS_PER_SECOND) >>> 32);
    }
}
