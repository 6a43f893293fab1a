package dev.understudy.server.worker;

import dev.understudy.media.link.LinkMessage;
import dev.understudy.media.link.LinkMessage.TrackKind;
import dev.understudy.protocol.rtp.H264Packetizer;
import dev.understudy.protocol.rtp.RtpHeader;
import dev.understudy.protocol.rtp.RtpWriter;
import dev.understudy.server.publish.Clip;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** A clip as the node would forward it to a worker: one publisher, its two tracks, and their packets in order of arrival. */
final class ClipFeed {
    private static final int MAX_PAYLOAD_BYTES = 1_150;

    private final int publisher;
    private final List<LinkMessage.Rtp> packets = new ArrayList<>();

    /** @param beganNanos when the clip's first packets arrive */
    ClipFeed(int publisher, Clip clip, long beganNanos) {
        this.publisher = publisher;
        H264Packetizer packetizer = new H264Packetizer(MAX_PAYLOAD_BYTES);
        for (Clip.Frame frame : clip.video()) {
            long arrival = beganNanos + frame.ticks() * 100_000 / 9;
            packetizer.packetize(
                    frame.bytes(), (payload, marker) -> add(videoTrack(), 96, frame.ticks(), marker, arrival, payload));
        }
        for (Clip.Frame frame : clip.audio()) {
            add(audioTrack(), 111, frame.ticks(), false, beganNanos + frame.ticks() * 62_500 / 3, frame.bytes());
        }
        packets.sort(Comparator.comparingLong(LinkMessage.Rtp::arrivalNanos));
    }

    private void add(int track, int payloadType, long ticks, boolean marker, long arrivalNanos, ByteBuffer payload) {
        long sequence =
                packets.stream().filter(packet -> packet.track() == track).count();
        ByteBuffer packet = ByteBuffer.allocate(MAX_PAYLOAD_BYTES + 100);
        RtpWriter.write(new RtpHeader(payloadType, marker, sequence, ticks, track), payload, packet);
        packets.add(new LinkMessage.Rtp(track, sequence, arrivalNanos, packet.flip()));
    }

    int videoTrack() {
        return 2 * publisher;
    }

    private int audioTrack() {
        return 2 * publisher + 1;
    }

    /** What introduces the publisher and its tracks. */
    List<LinkMessage.ToWorker> introduction() {
        ByteBuffer none = ByteBuffer.allocate(0);
        return List.of(
                new LinkMessage.AddPublisher(publisher, "participant" + publisher, "user", Map.of()),
                new LinkMessage.AddTrack(videoTrack(), publisher, TrackKind.VIDEO, 90_000, 0, none),
                new LinkMessage.AddTrack(audioTrack(), publisher, TrackKind.AUDIO, 48_000, 2, none));
    }

    List<LinkMessage.Rtp> packets() {
        return packets;
    }
}
