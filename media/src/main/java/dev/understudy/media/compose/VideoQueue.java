package dev.understudy.media.compose;

import dev.understudy.media.codec.AnnexB;
import dev.understudy.media.compose.RtpReorderBuffer.Numbered;
import dev.understudy.protocol.rtp.H264Depacketizer;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The access units of one H.264 track between arrival and decoder, with what happens when they cannot be decoded.
 *
 * <pre>
 *   packets ──RtpReorderBuffer──▶ in order ──H264Depacketizer──▶ units ──when due──▶ decoder
 *
 *   Frozen ──whole key frame──▶ Flowing ──unit with a hole, damaged picture, overflow──▶ Frozen
 * </pre>
 *
 * <p>It begins frozen. While frozen, all but a whole key frame is thrown away, so the tile keeps its last picture
 * instead of showing smears, and a key frame is asked for every half second.
 */
final class VideoQueue {
    /** Four seconds of 60 frames a second: far more than a playout delay, so the decoder has fallen behind for good. */
    static final int MAX_UNITS = 240;

    /** What {@link #MAX_UNITS} would weigh at 30 Mbit/s. */
    static final int MAX_BYTES = 16 << 20;

    private static final long REQUEST_INTERVAL_NANOS = 500_000_000L;
    private static final long STOPPED_NANOS = 5_000_000_000L;

    /** For a missing packet, whatever a timestamp says. */
    private static final long LONGEST_WAIT_NANOS = 5_000_000_000L;

    /** Units may be clamped to their forerunners by a little; more is another timeline. */
    private static final long ANOTHER_TIMELINE_NANOS = 1_000_000_000L;

    /** One access unit in Annex B form, and when its picture is due. */
    record Unit(long playoutNanos, boolean isKeyFrame, ByteBuffer annexB) {
        Unit dueBy(long nanos) {
            return new Unit(Math.min(playoutNanos, nanos), isKeyFrame, annexB);
        }
    }

    private final PlayoutClock clock;
    private final RtpReorderBuffer packets = new RtpReorderBuffer();
    private final H264Depacketizer depacketizer;
    private final ArrayDeque<Unit> units = new ArrayDeque<>();
    private int unitBytes;
    private boolean isFrozen = true;
    private long requestAtNanos;
    private long arrivedNanos;
    private long newestPlayoutNanos = Long.MIN_VALUE / 2;
    private long dropped;

    /**
     * An empty queue.
     *
     * @param clock by which packets are due; the queue's owner tells it of arrivals
     * @param parameterSets as signalled, in Annex B form; may be empty
     * @param nowNanos when the track was added
     */
    VideoQueue(PlayoutClock clock, ByteBuffer parameterSets, long nowNanos) {
        this.clock = clock;
        this.depacketizer = new H264Depacketizer(AnnexB.nalUnits(parameterSets), this::enqueue);
        this.arrivedNanos = nowNanos;
        this.requestAtNanos = nowNanos;
    }

    /** Takes a packet in; the clock knows of it already. */
    void received(Numbered packet, long arrivalNanos) {
        arrivedNanos = Math.max(arrivedNanos, arrivalNanos);
        long dueNanos = Math.min(clock.playoutNanos(packet.timestamp()), arrivalNanos + LONGEST_WAIT_NANOS);
        packets.add(packet, dueNanos);
    }

    /** The next unit to decode of those that are due; null when there is none. */
    @Nullable
    Unit poll(long dueNanos) {
        packets.release(dueNanos, this::depacketize);
        skipToLastDueKeyFrame(dueNanos);
        Unit first = units.peek();
        if (first == null || first.playoutNanos > dueNanos) {
            return null;
        }
        unitBytes -= first.annexB.remaining();
        return units.poll();
    }

    /** The decoder could not make a whole picture of a unit: what refers to it is of no use. */
    void damaged() {
        while (!units.isEmpty() && !units.getFirst().isKeyFrame) {
            drop(units.removeFirst());
        }
        isFrozen |= units.isEmpty();
    }

    /** Whether to ask the sender for a key frame now; once it says so, it does not for half a second. */
    boolean takeKeyFrameRequest(long nowNanos) {
        if (!isFrozen || nowNanos < requestAtNanos) {
            return false;
        }
        requestAtNanos = nowNanos + REQUEST_INTERVAL_NANOS;
        return true;
    }

    /** When {@link #takeKeyFrameRequest} will next say yes; {@link Long#MAX_VALUE} while no key frame is missed. */
    long requestDeadlineNanos() {
        return isFrozen ? requestAtNanos : Long.MAX_VALUE;
    }

    /** Whether nothing has come for so long that the last picture is no longer true. */
    boolean isStopped(long nowNanos) {
        return nowNanos - arrivedNanos >= STOPPED_NANOS;
    }

    /** Packets thrown away, those of thrown-away units not counted. */
    long dropped() {
        return dropped + packets.dropped();
    }

    private void depacketize(Numbered packet) {
        depacketizer.received(
                packet.sequence(),
                packet.timestamp(),
                packet.packet().marker(),
                packet.packet().payload());
    }

    private void enqueue(long timestamp, ByteBuffer annexB, boolean isKeyFrame, boolean isWhole) {
        isFrozen |= !isWhole;
        isFrozen &= !(isWhole && isKeyFrame);
        if (isFrozen) {
            dropped++;
            return;
        }
        if (units.size() >= MAX_UNITS || unitBytes + annexB.remaining() > MAX_BYTES) {
            overflow();
            return;
        }
        ByteBuffer copy = ByteBuffer.allocate(annexB.remaining()).put(annexB).flip();
        units.add(new Unit(inOrder(clock.playoutNanos(timestamp)), isKeyFrame, copy));
        unitBytes += copy.remaining();
    }

    private void overflow() {
        dropped += units.size() + 1;
        units.clear();
        unitBytes = 0;
        isFrozen = true;
    }

    /** No unit is due before the one it follows. */
    private long inOrder(long playoutNanos) {
        if (newestPlayoutNanos - playoutNanos > ANOTHER_TIMELINE_NANOS) {
            List<Unit> earlier =
                    units.stream().map(unit -> unit.dueBy(playoutNanos)).toList();
            units.clear();
            units.addAll(earlier);
            newestPlayoutNanos = playoutNanos;
        }
        newestPlayoutNanos = Math.max(playoutNanos, newestPlayoutNanos);
        return newestPlayoutNanos;
    }

    /** What comes before a key frame that is due as well would be decoded for nobody. */
    private void skipToLastDueKeyFrame(long dueNanos) {
        int skipped = 0;
        int index = 0;
        for (Unit unit : units) {
            if (unit.playoutNanos > dueNanos) {
                break;
            }
            skipped = unit.isKeyFrame ? index : skipped;
            index++;
        }
        for (int i = 0; i < skipped; i++) {
            unitBytes -= units.removeFirst().annexB.remaining();
        }
    }

    private void drop(Unit unit) {
        unitBytes -= unit.annexB.remaining();
        dropped++;
    }
}
