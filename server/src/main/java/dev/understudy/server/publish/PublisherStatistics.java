package dev.understudy.server.publish;

/**
 * What a synthetic publisher has done so far.
 *
 * @param videoPackets without retransmissions
 * @param audioPackets of Opus
 * @param bytes of RTP before encryption, retransmissions included
 * @param nackedPackets how often a packet was asked for again
 * @param retransmissions how often one was sent again; less when it was forgotten
 * @param keyFrameRequests PLI and FIR
 * @param transportFeedbacks transport-wide feedback packets
 * @param receiverReports report blocks about our streams
 * @param fractionLost what the last of these said, in 256ths
 */
public record PublisherStatistics(
        long videoPackets,
        long audioPackets,
        long bytes,
        long nackedPackets,
        long retransmissions,
        long keyFrameRequests,
        long transportFeedbacks,
        long receiverReports,
        int fractionLost) {}
