package dev.understudy.media.ingest;

import java.util.List;

/**
 * What offer and answer have agreed on for one publisher. Immutable.
 *
 * @param formats one for each track; their payload types differ
 * @param midExtension id of the header extension that names the media section (RFC 8843); 0 for none
 * @param transportSequenceExtension id of the transport-wide sequence number; 0 for none
 * @param localSsrc by which our RTCP speaks
 */
public record PublisherSettings(
        List<Format> formats, int midExtension, int transportSequenceExtension, long localSsrc) {

    /** Stands for "no such payload type". */
    public static final int NONE = -1;

    public PublisherSettings {
        formats = List.copyOf(formats);
    }

    /**
     * How one track comes over the wire.
     *
     * @param mid of its media section
     * @param payloadType 0 to 127
     * @param retransmissionPayloadType of RFC 4588, or {@link #NONE}
     * @param nack whether its sender answers NACKs
     * @param pli whether its sender answers requests for key frames
     */
    public record Format(
            Track track, String mid, int payloadType, int retransmissionPayloadType, boolean nack, boolean pli) {}
}
