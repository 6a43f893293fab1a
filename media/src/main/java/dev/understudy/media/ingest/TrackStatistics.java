package dev.understudy.media.ingest;

import dev.understudy.media.link.LinkMessage.TrackKind;
import dev.understudy.protocol.units.DataRate;
import java.time.Duration;

/**
 * How a track has arrived since it began, for metrics. Immutable.
 *
 * @param packets handed on, each once
 * @param bytes of those packets, headers included
 * @param rate of the last whole second
 * @param lostOnTheWay packets of the current stream that did not come by themselves
 * @param recovered packets that came as retransmissions only
 * @param unrecovered packets asked for in vain
 * @param duplicates packets that came again, or too late for anybody
 * @param foreign packets of an SSRC that is not the track's
 * @param nacks packets asked for, each time counted
 * @param keyFrames that have begun
 * @param keyFrameRequests sent
 * @param jitter of the current stream (RFC 3550 section 6.4.1)
 */
public record TrackStatistics(
        TrackKind kind,
        long packets,
        long bytes,
        DataRate rate,
        long lostOnTheWay,
        long recovered,
        long unrecovered,
        long duplicates,
        long foreign,
        long nacks,
        long keyFrames,
        long keyFrameRequests,
        Duration jitter) {}
