package dev.understudy.protocol.sdp;

import dev.understudy.protocol.dtls.Fingerprint;
import dev.understudy.protocol.sdp.SessionDescription.Line;
import dev.understudy.protocol.sdp.SessionDescription.Section;
import dev.understudy.protocol.stun.IceCredentials;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The answer to a publisher's offer: this side is ICE-lite, receives on one port, and sends nothing but feedback.
 * Immutable.
 *
 * <p>Every accepted section repeats the whole transport with all candidates, because clients differ in where they look.
 *
 * @param sessionId of the o-line, 0 or more
 * @param ice of this side
 * @param fingerprint of this side's certificate
 * @param addresses where media is received by UDP, the best first: some clients read no other; at least one, resolved
 */
public record PublishAnswer(
        PublishOffer offer,
        long sessionId,
        IceCredentials ice,
        Fingerprint fingerprint,
        List<InetSocketAddress> addresses) {

    /** Of a host candidate (RFC 8445 section 5.1.2.2). */
    private static final int HOST_TYPE_PREFERENCE = 126;

    public PublishAnswer {
        addresses = List.copyOf(addresses);
        if (addresses.isEmpty() || addresses.stream().anyMatch(InetSocketAddress::isUnresolved)) {
            throw new IllegalArgumentException("an answer needs resolved addresses: " + addresses);
        }
    }

    /** The answer as it is sent. */
    public String text() {
        List<Section> sections = new ArrayList<>();
        for (int i = 0; i < offer.sections().size(); i++) {
            sections.add(section(i));
        }
        return new SessionDescription(session(), sections).text();
    }

    private List<Line> session() {
        List<Line> lines = new ArrayList<>();
        lines.add(new Line('v', "0"));
        lines.add(new Line('o', "- " + sessionId + " 1 IN IP4 127.0.0.1"));
        lines.add(new Line('s', "-"));
        lines.add(new Line('t', "0 0"));
        if (offer.isBundled()) {
            lines.add(Line.attribute(
                    "group:BUNDLE " + offer.media().stream().map(Media::mid).collect(Collectors.joining(" "))));
        }
        lines.add(Line.attribute("ice-lite"));
        return lines;
    }

    private Section section(int index) {
        Section offered = offer.sections().get(index);
        return offer.media().stream()
                .filter(media -> media.section() == index)
                .findFirst()
                .map(media -> accepted(offered, media))
                .orElseGet(() -> rejected(offered));
    }

    private static Section rejected(Section offered) {
        List<Line> lines = new ArrayList<>();
        lines.add(new Line('c', "IN IP4 0.0.0.0"));
        offered.attribute("mid").ifPresent(mid -> lines.add(Line.attribute("mid:" + mid)));
        lines.add(Line.attribute("inactive"));
        return new Section(
                offered.kind(), 0, offered.protocol(), List.of(offered.formats().getFirst()), lines);
    }

    private Section accepted(Section offered, Media media) {
        List<String> attributes = new ArrayList<>();
        if (!media.mid().isEmpty()) {
            attributes.add("mid:" + media.mid());
        }
        attributes.add("recvonly");
        attributes.add("rtcp-mux");
        if (offered.has("rtcp-rsize")) {
            attributes.add("rtcp-rsize");
        }
        attributes.addAll(codec(media));
        attributes.addAll(extensions(media));
        attributes.addAll(transport());
        InetSocketAddress first = addresses.getFirst();
        Stream<Line> connection = Stream.of(new Line('c', "IN " + networkType(first) + " " + host(first)));
        List<Line> lines = Stream.concat(connection, attributes.stream().map(Line::attribute))
                .toList();
        return new Section(offered.kind(), first.getPort(), offered.protocol(), formats(media), lines);
    }

    private static List<String> formats(Media media) {
        return Stream.concat(
                        Stream.of(media.payloadType()),
                        media.rtxPayloadType().stream().boxed())
                .map(String::valueOf)
                .toList();
    }

    private static List<String> codec(Media media) {
        int payloadType = media.payloadType();
        List<String> lines = new ArrayList<>();
        String channels = media.channels() > 1 ? "/" + media.channels() : "";
        lines.add("rtpmap:" + payloadType + " " + media.codec() + "/" + media.clockRate() + channels);
        lines.add("fmtp:" + payloadType + " " + parameters(media));
        media.feedback().forEach(feedback -> lines.add("rtcp-fb:" + payloadType + " " + feedback));
        media.rtxPayloadType().ifPresent(rtx -> {
            lines.add("rtpmap:" + rtx + " rtx/" + media.clockRate());
            lines.add("fmtp:" + rtx + " apt=" + payloadType);
        });
        return lines;
    }

    /** Of Opus: stereo, and repair of lost packets. Of H.264: the profile that was offered, at any level. */
    private static String parameters(Media media) {
        return switch (media.kind()) {
            case AUDIO -> "minptime=10;useinbandfec=1;stereo=1";
            case VIDEO ->
                "level-asymmetry-allowed=1;packetization-mode=1"
                        + profile(media)
                                .map(profile -> ";profile-level-id=" + profile)
                                .orElse("");
        };
    }

    private static Optional<String> profile(Media media) {
        return MediaReader.parameter(media.formatParameters(), "profile-level-id")
                .filter(profile -> profile.matches("[0-9A-Fa-f]{6}"));
    }

    private static List<String> extensions(Media media) {
        List<String> lines = new ArrayList<>();
        media.midExtension().ifPresent(id -> lines.add("extmap:" + id + " " + MediaReader.MID_URI));
        if (media.hasTransportFeedback()) {
            media.transportExtension().ifPresent(id -> lines.add("extmap:" + id + " " + MediaReader.TRANSPORT_URI));
        }
        return lines;
    }

    private List<String> transport() {
        List<String> lines = new ArrayList<>();
        lines.add("setup:" + offer.setup().value());
        lines.add("ice-ufrag:" + ice.usernameFragment());
        lines.add("ice-pwd:" + ice.password());
        lines.add("fingerprint:" + fingerprint);
        for (int i = 0; i < addresses.size(); i++) {
            lines.add(candidate(i + 1, addresses.get(i)));
        }
        lines.add("end-of-candidates");
        return lines;
    }

    /** A host candidate (RFC 8839 section 5.1); earlier ones have the higher priority (RFC 8445 section 5.1.2.1). */
    private static String candidate(int number, InetSocketAddress address) {
        long localPreference = 65_536L - number;
        long priority = (((long) HOST_TYPE_PREFERENCE) << 24) + (localPreference << 8) + 255;
        return "candidate:" + number + " 1 udp " + priority + " " + host(address) + " " + address.getPort()
                + " typ host";
    }

    private static String networkType(InetSocketAddress address) {
        return address.getAddress() instanceof Inet6Address ? "IP6" : "IP4";
    }

    /** The address without a scope, which means nothing to the peer. */
    private static String host(InetSocketAddress address) {
        return address.getAddress().getHostAddress().replaceFirst("%.*", "");
    }
}
