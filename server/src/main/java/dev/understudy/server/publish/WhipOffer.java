package dev.understudy.server.publish;

import dev.understudy.protocol.dtls.Fingerprint;
import dev.understudy.protocol.stun.IceCredentials;
import java.net.Inet6Address;
import java.net.InetSocketAddress;

/**
 * What the synthetic publisher offers, as text: Opus, and H.264 with retransmission, over one transport (RFC 9725).
 * Immutable.
 *
 * @param ice of the publisher
 * @param fingerprint of its certificate
 * @param host where it may be reached; a server that is ICE-lite learns better from the checks
 */
record WhipOffer(
        long sessionId,
        IceCredentials ice,
        Fingerprint fingerprint,
        InetSocketAddress host,
        boolean hasAudio,
        boolean hasVideo,
        StreamIds ids) {

    static final int AUDIO_PAYLOAD_TYPE = 111;
    static final int VIDEO_PAYLOAD_TYPE = 96;
    static final int RTX_PAYLOAD_TYPE = 97;
    static final int MID_EXTENSION = 1;
    static final int TRANSPORT_EXTENSION = 2;

    static final String AUDIO_MID = "0";
    static final String VIDEO_MID = "1";

    /** The numbers of the streams, and the name that says that they belong together. */
    record StreamIds(long audio, long video, long rtx, String canonicalName) {}

    String text() {
        String bundle = (hasAudio ? " " + AUDIO_MID : "") + (hasVideo ? " " + VIDEO_MID : "");
        String session = """
                v=0
                o=- %d 1 IN IP4 127.0.0.1
                s=-
                t=0 0
                a=group:BUNDLE%s
                a=msid-semantic: WMS understudy
                """.formatted(sessionId, bundle);
        return (session + (hasAudio ? audio() : "") + (hasVideo ? video() : "")).replace("\n", "\r\n");
    }

    private String audio() {
        return """
                m=audio %1$d UDP/TLS/RTP/SAVPF 111
                %2$sa=mid:0
                a=msid:understudy audio
                a=rtpmap:111 opus/48000/2
                a=rtcp-fb:111 transport-cc
                a=fmtp:111 minptime=10;useinbandfec=1;stereo=1;sprop-stereo=1
                a=ssrc:%3$d cname:%4$s
                """.formatted(host.getPort(), transport(), ids.audio, ids.canonicalName);
    }

    private String video() {
        return """
                m=video %1$d UDP/TLS/RTP/SAVPF 96 97
                %2$sa=mid:1
                a=msid:understudy video
                a=rtpmap:96 H264/90000
                a=rtcp-fb:96 transport-cc
                a=rtcp-fb:96 ccm fir
                a=rtcp-fb:96 nack
                a=rtcp-fb:96 nack pli
                a=fmtp:96 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f
                a=rtpmap:97 rtx/90000
                a=fmtp:97 apt=96
                a=ssrc-group:FID %3$d %5$d
                a=ssrc:%3$d cname:%4$s
                a=ssrc:%5$d cname:%4$s
                """.formatted(host.getPort(), transport(), ids.video, ids.canonicalName, ids.rtx);
    }

    private String transport() {
        String family = host.getAddress() instanceof Inet6Address ? "IP6" : "IP4";
        String address = host.getAddress().getHostAddress().replaceFirst("%.*", "");
        return """
                c=IN %1$s %2$s
                a=ice-ufrag:%3$s
                a=ice-pwd:%4$s
                a=fingerprint:%5$s
                a=setup:actpass
                a=candidate:1 1 udp 2130706431 %2$s %6$d typ host
                a=end-of-candidates
                a=sendonly
                a=rtcp-mux
                a=rtcp-rsize
                a=extmap:1 urn:ietf:params:rtp-hdrext:sdes:mid
                a=extmap:2 http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01
                """.formatted(family, address, ice.usernameFragment(), ice.password(), fingerprint, host.getPort());
    }
}
