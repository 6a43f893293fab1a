package dev.understudy.protocol.sdp;

import dev.understudy.protocol.dtls.Fingerprint;
import dev.understudy.protocol.sdp.SdpException.Reason;
import dev.understudy.protocol.sdp.SessionDescription.Section;
import dev.understudy.protocol.stun.IceCredentials;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a publisher offers to send, understood: at most one audio and one video stream, over one transport. Immutable.
 *
 * @param sections all of the offer, also those that are rejected: each gets its answer
 * @param isBundled whether the offer groups its sections, so that the answer must as well
 * @param ice of the publisher
 * @param fingerprint of the publisher's certificate
 * @param setup the answerer's part in the handshake
 */
public record PublishOffer(
        List<Section> sections,
        boolean isBundled,
        Optional<Media> audio,
        Optional<Media> video,
        IceCredentials ice,
        Fingerprint fingerprint,
        Setup setup) {

    private static final List<String> DIRECTIONS = List.of("sendrecv", "sendonly", "recvonly", "inactive");
    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`{|}~-]{1,64}");
    private static final Pattern USERNAME_FRAGMENT = Pattern.compile("[A-Za-z0-9+/]{4,256}");
    private static final Pattern PASSWORD = Pattern.compile("[A-Za-z0-9+/]{22,256}");

    public PublishOffer {
        sections = List.copyOf(sections);
    }

    /**
     * Reads an offer. Sections that cannot be used are left out of audio and video, as long as what the publisher means
     * to send, sound or picture, is understood.
     *
     * @throws SdpException when there is nothing to receive, a kind has no codec that is understood, or the transport
     *     lacks what is needed
     */
    public static PublishOffer read(String text) throws SdpException {
        SessionDescription offer = SessionDescription.parse(text);
        checkMids(offer);
        List<Integer> candidates = candidates(offer);
        Optional<Media> audio = new MediaReader(offer, Media.Kind.AUDIO).choose(candidates);
        Optional<Media> video = new MediaReader(offer, Media.Kind.VIDEO).choose(candidates);
        int transport = Stream.of(audio, video)
                .flatMap(Optional::stream)
                .mapToInt(Media::section)
                .min()
                .orElseThrow();
        return new PublishOffer(
                offer.sections(),
                bundle(offer).isPresent(),
                audio,
                video,
                ice(offer, offer.sections().get(transport)),
                fingerprint(offer, offer.sections().get(transport)),
                setup(offer, offer.sections().get(transport)));
    }

    /** The streams in the order of their sections. */
    public List<Media> media() {
        return Stream.concat(audio.stream(), video.stream())
                .sorted((a, b) -> Integer.compare(a.section(), b.section()))
                .toList();
    }

    /** Mids are repeated in the answer, so they must be what RFC 8866 calls tokens. */
    private static void checkMids(SessionDescription offer) throws SdpException {
        List<String> mids = new ArrayList<>();
        for (Section section : offer.sections()) {
            for (String mid : section.attributes("mid")) {
                if (!TOKEN.matcher(mid).matches() || mids.contains(mid)) {
                    throw new SdpException(Reason.MALFORMED, "Unusable or repeated a=mid:" + Numbers.shown(mid));
                }
                mids.add(mid);
            }
        }
    }

    /** The sections that send something over the one transport. */
    private static List<Integer> candidates(SessionDescription offer) throws SdpException {
        List<Integer> sending = new ArrayList<>();
        for (int i = 0; i < offer.sections().size(); i++) {
            if (isSending(offer, offer.sections().get(i))) {
                sending.add(i);
            }
        }
        if (sending.isEmpty()) {
            throw new SdpException(
                    Reason.MALFORMED,
                    "The offer sends nothing: it needs an audio or video section over UDP/TLS/RTP/SAVPF, sendonly or"
                            + " sendrecv, with a=rtcp-mux");
        }
        List<Integer> bundled = bundled(offer, sending);
        if (bundled.isEmpty()) {
            throw new SdpException(
                    Reason.TRANSPORT, "Audio and video need one transport: the offer lacks a=group:BUNDLE for them");
        }
        return bundled;
    }

    private static boolean isSending(SessionDescription offer, Section section) {
        boolean isOpen = section.port() != 0 || section.has("bundle-only");
        return isMedia(section)
                && isOpen
                && section.has("rtcp-mux")
                && direction(offer, section).startsWith("send");
    }

    private static String direction(SessionDescription offer, Section section) {
        return DIRECTIONS.stream()
                .filter(section::has)
                .findFirst()
                .or(() -> DIRECTIONS.stream()
                        .filter(name -> offer.attribute(name).isPresent())
                        .findFirst())
                .orElse("sendrecv");
    }

    private static boolean isMedia(Section section) {
        boolean isKnownKind =
                Arrays.stream(Media.Kind.values()).anyMatch(kind -> kind.value().equals(section.kind()));
        return isKnownKind && section.protocol().matches("(UDP/TLS/)?RTP/SAVPF?");
    }

    /** Of the sections that send, those that share the transport of the first. */
    private static List<Integer> bundled(SessionDescription offer, List<Integer> sending) {
        if (sending.size() == 1) {
            return sending;
        }
        List<String> group = bundle(offer).orElse(List.of());
        return sending.stream()
                .filter(i ->
                        group.contains(offer.sections().get(i).attribute("mid").orElse("")))
                .toList();
    }

    /** The mids of the first group of semantics BUNDLE (RFC 9143). */
    private static Optional<List<String>> bundle(SessionDescription offer) {
        return offer.attributes("group").stream()
                .map(group -> Arrays.asList(group.split(" +", -1)))
                .filter(group -> group.getFirst().equals("BUNDLE"))
                .map(group -> group.subList(1, group.size()))
                .findFirst();
    }

    /** A section that is only to be bundled may leave its transport to another (RFC 9143 section 7.2.1). */
    private static Optional<String> ofTransport(SessionDescription offer, Section transport, String name) {
        return offer.attribute(transport, name)
                .or(() -> offer.sections().stream()
                        .map(section -> section.attribute(name))
                        .flatMap(Optional::stream)
                        .findFirst());
    }

    private static IceCredentials ice(SessionDescription offer, Section transport) throws SdpException {
        String fragment = ofTransport(offer, transport, "ice-ufrag").orElse("");
        String password = ofTransport(offer, transport, "ice-pwd").orElse("");
        if (!USERNAME_FRAGMENT.matcher(fragment).matches()
                || !PASSWORD.matcher(password).matches()) {
            throw new SdpException(
                    Reason.TRANSPORT, "The offer needs a=ice-ufrag (4 to 256) and a=ice-pwd (22 to 256)");
        }
        return new IceCredentials(fragment, password);
    }

    /** Several may be given, of one certificate by several hashes: the first that is trusted counts. */
    private static Fingerprint fingerprint(SessionDescription offer, Section transport) throws SdpException {
        List<String> all = new ArrayList<>(transport.attributes("fingerprint"));
        all.addAll(offer.attributes("fingerprint"));
        offer.sections().forEach(section -> all.addAll(section.attributes("fingerprint")));
        for (String value : all) {
            Fingerprint fingerprint = Fingerprint.parse(value);
            if (fingerprint != null) {
                return fingerprint;
            }
        }
        throw new SdpException(
                Reason.TRANSPORT,
                "The offer needs a=fingerprint with sha-256, sha-384 or sha-512: media goes over DTLS");
    }

    /** Whoever leaves the choice to us gets the client's part, so that we only answer (RFC 5763 section 5). */
    private static Setup setup(SessionDescription offer, Section transport) throws SdpException {
        String offered = ofTransport(offer, transport, "setup").orElse("actpass");
        return switch (offered) {
            case "actpass", "active" -> Setup.PASSIVE;
            case "passive" -> Setup.ACTIVE;
            default -> throw new SdpException(Reason.TRANSPORT, "Unknown a=setup:" + Numbers.shown(offered));
        };
    }
}
