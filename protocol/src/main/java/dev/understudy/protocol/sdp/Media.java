package dev.understudy.protocol.sdp;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * One stream that a publisher offers and that is accepted, with the one codec that was chosen. Immutable.
 *
 * @param section its place among the offer's media sections, from 0
 * @param kind audio or video
 * @param mid empty when the offer names none
 * @param codec the encoding name, H264 or opus, as the offer spells it
 * @param payloadType 0 to 127
 * @param clockRate 90 000 for video, 48 000 for Opus
 * @param channels of audio; 1 for video
 * @param formatParameters the value of {@code a=fmtp} behind the payload type; empty when there is none
 * @param feedback what was offered of the feedback that is understood, in the form of {@code a=rtcp-fb}
 * @param rtxPayloadType where retransmissions come (RFC 4588)
 * @param midExtension the id of the header extension that carries the mid
 * @param transportExtension the id of the header extension that carries the transport-wide sequence number
 * @param parameterSets of H.264, sent out of band: NAL units without start codes
 * @param ssrcs that the offer names, without those of retransmissions
 * @param rtxSsrc of the retransmissions of the first of them
 */
public record Media(
        int section,
        Kind kind,
        String mid,
        String codec,
        int payloadType,
        int clockRate,
        int channels,
        String formatParameters,
        List<String> feedback,
        OptionalInt rtxPayloadType,
        OptionalInt midExtension,
        OptionalInt transportExtension,
        List<ByteBuffer> parameterSets,
        List<Long> ssrcs,
        OptionalLong rtxSsrc) {

    /** What a stream carries. */
    public enum Kind {
        AUDIO,
        VIDEO;

        /** As it stands in an m-line. */
        public String value() {
            return this == AUDIO ? "audio" : "video";
        }
    }

    public Media {
        feedback = List.copyOf(feedback);
        parameterSets = List.copyOf(parameterSets);
        ssrcs = List.copyOf(ssrcs);
    }

    /** Whether lost packets may be asked for again. */
    public boolean hasNack() {
        return feedback.contains("nack");
    }

    /** Whether key frames may be asked for by PLI. */
    public boolean hasPictureLossIndication() {
        return feedback.contains("nack pli");
    }

    /** Whether key frames may be asked for by FIR. */
    public boolean hasFullIntraRequest() {
        return feedback.contains("ccm fir");
    }

    /** Whether the sender counts on transport-wide feedback. */
    public boolean hasTransportFeedback() {
        return feedback.contains("transport-cc");
    }
}
