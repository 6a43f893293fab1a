package dev.understudy.server.publish;

import dev.understudy.protocol.dtls.Fingerprint;
import dev.understudy.protocol.sdp.SdpException;
import dev.understudy.protocol.sdp.SessionDescription;
import dev.understudy.protocol.sdp.SessionDescription.Section;
import dev.understudy.protocol.stun.IceCredentials;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What the server took of a {@link WhipOffer}. Immutable.
 *
 * @param candidates where it may be reached by UDP, in its order; at least one
 * @param ice of the server
 * @param fingerprint of its certificate
 * @param isDtlsClient whether the handshake is begun by us, because the server is passive
 */
record WhipAnswer(
        List<InetSocketAddress> candidates,
        IceCredentials ice,
        Fingerprint fingerprint,
        boolean isDtlsClient,
        boolean hasAudio,
        boolean hasVideo,
        boolean hasRtx,
        boolean hasMid,
        boolean hasTransportNumbers) {

    /** Each costs a check until one has answered. */
    static final int MAX_CANDIDATES = 8;

    private static final Pattern ADDRESS = Pattern.compile("[0-9.]+|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*");

    /** Throws when the text is no answer, or takes nothing, or leaves out what is needed to reach the server. */
    static WhipAnswer read(String text) throws IOException {
        try {
            return read(SessionDescription.parse(text));
        } catch (SdpException e) {
            throw new IOException("the server's answer: " + e.getMessage(), e);
        }
    }

    private static WhipAnswer read(SessionDescription answer) throws IOException {
        List<Section> accepted = answer.sections().stream()
                .filter(section -> section.port() != 0)
                .toList();
        if (accepted.isEmpty()) {
            throw new IOException("the server's answer accepts nothing");
        }
        Section transport = accepted.getFirst();
        return new WhipAnswer(
                candidates(accepted),
                new IceCredentials(required(answer, transport, "ice-ufrag"), required(answer, transport, "ice-pwd")),
                fingerprint(required(answer, transport, "fingerprint")),
                !answer.attribute(transport, "setup").orElse("active").equals("active"),
                hasKind(accepted, "audio"),
                hasKind(accepted, "video"),
                accepted.stream().anyMatch(WhipAnswer::hasRtx),
                accepted.stream().allMatch(section -> hasExtension(section, WhipOffer.MID_EXTENSION)),
                accepted.stream().allMatch(section -> hasExtension(section, WhipOffer.TRANSPORT_EXTENSION)));
    }

    private static boolean hasKind(List<Section> sections, String kind) {
        return sections.stream().anyMatch(section -> section.kind().equals(kind));
    }

    private static boolean hasRtx(Section section) {
        return section.formats().contains(Integer.toString(WhipOffer.RTX_PAYLOAD_TYPE));
    }

    private static boolean hasExtension(Section section, int id) {
        return section.attributes("extmap").stream().anyMatch(value -> value.matches(id + "[ /].*"));
    }

    private static String required(SessionDescription answer, Section section, String name) throws IOException {
        return answer.attribute(section, name)
                .orElseThrow(() -> new IOException("the server's answer lacks a=" + name));
    }

    private static Fingerprint fingerprint(String value) throws IOException {
        Fingerprint fingerprint = Fingerprint.parse(value);
        if (fingerprint == null) {
            throw new IOException("the server's answer has an unusable a=fingerprint");
        }
        return fingerprint;
    }

    /** The UDP candidates of component 1 with a numeric address (RFC 8839 section 5.1). */
    private static List<InetSocketAddress> candidates(List<Section> sections) throws IOException {
        List<InetSocketAddress> candidates = new ArrayList<>();
        for (Section section : sections) {
            for (String value : section.attributes("candidate")) {
                String[] parts = value.split(" +", -1);
                boolean isUsable = parts.length >= 6
                        && parts[1].equals("1")
                        && parts[2].equalsIgnoreCase("udp")
                        && ADDRESS.matcher(parts[4]).matches()
                        && parts[5].matches("[0-9]{1,5}");
                if (isUsable && candidates.size() < MAX_CANDIDATES) {
                    add(candidates, parts[4], Integer.parseInt(parts[5]));
                }
            }
        }
        if (candidates.isEmpty()) {
            throw new IOException("the server's answer has no candidate for UDP");
        }
        return List.copyOf(candidates);
    }

    private static void add(List<InetSocketAddress> candidates, String address, int port) {
        try {
            var candidate = new InetSocketAddress(InetAddress.getByName(address), port & 0xFFFF);
            if (!candidates.contains(candidate)) {
                candidates.add(candidate);
            }
        } catch (UnknownHostException notAnAddress) {
            // As good as no candidate.
        }
    }
}
