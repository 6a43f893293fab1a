package dev.understudy.protocol.sdp;

import dev.understudy.protocol.sdp.SdpException.Reason;
import dev.understudy.protocol.sdp.SessionDescription.Section;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

/**
 * Chooses, among the sections of one kind, the first that offers a codec that is understood, and reads it.
 *
 * <p>Of H.264 only packetization-mode 1 will do, and constrained baseline is preferred: 42e01f first, because every
 * browser has it; then anything else of the baseline; then any profile, in the order of the offer.
 */
final class MediaReader {
    /** The feedback that is understood, as {@code a=rtcp-fb} names it (RFC 4585, 5104, transport-wide feedback). */
    private static final List<String> FEEDBACK = List.of("transport-cc", "ccm fir", "nack", "nack pli");

    static final String MID_URI = "urn:ietf:params:rtp-hdrext:sdes:mid";
    static final String TRANSPORT_URI = "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01";

    private static final long MAX_SSRC = 0xFFFFFFFFL;

    /** Simulcast has three and their retransmissions; more are of no use. */
    private static final int MAX_SSRCS = 16;

    private static final int MAX_PARAMETER_SETS = 8;

    private final SessionDescription offer;
    private final Media.Kind kind;

    MediaReader(SessionDescription offer, Media.Kind kind) {
        this.offer = offer;
        this.kind = kind;
    }

    /** One codec of the offer: {@code a=rtpmap} (RFC 8866 section 6.6). */
    private record RtpMap(int payloadType, String codec, int clockRate, int channels) {
        private static Optional<RtpMap> parse(String value) {
            String[] parts = value.split("[ /]+", -1);
            if (parts.length < 3 || parts.length > 4) {
                return Optional.empty();
            }
            int channels = parts.length == 4 ? Numbers.parse(parts[3], 255) : 1;
            var map = new RtpMap(Numbers.parse(parts[0], 127), parts[1], Numbers.parse(parts[2], 384_000), channels);
            boolean isSane = map.payloadType >= 0 && map.clockRate > 0 && map.channels > 0;
            return isSane ? Optional.of(map) : Optional.empty();
        }

        private boolean is(String name, int rate, int count) {
            return codec.equalsIgnoreCase(name) && clockRate == rate && channels == count;
        }
    }

    /** The stream to receive; empty when {@code candidates} have no section of this kind. */
    Optional<Media> choose(List<Integer> candidates) throws SdpException {
        List<String> offered = new ArrayList<>();
        for (int index : candidates) {
            Section section = offer.sections().get(index);
            if (!section.kind().equals(kind.value())) {
                continue;
            }
            Optional<RtpMap> codec = codec(section);
            if (codec.isPresent()) {
                return Optional.of(read(index, section, codec.get()));
            }
            maps(section).forEach(map -> offered.add(describe(section, map)));
        }
        if (candidates.stream().noneMatch(i -> offer.sections().get(i).kind().equals(kind.value()))) {
            return Optional.empty();
        }
        throw unusable(offered);
    }

    private SdpException unusable(List<String> offered) {
        String names = offered.isEmpty()
                ? "no codec"
                : String.join(", ", offered.stream().distinct().toList());
        return kind == Media.Kind.VIDEO
                ? new SdpException(
                        Reason.VIDEO_CODEC,
                        "The offer's video has " + Numbers.shown(names)
                                + "; H264/90000 with packetization-mode=1 is needed")
                : new SdpException(
                        Reason.AUDIO_CODEC,
                        "The offer's audio has " + Numbers.shown(names) + "; opus/48000/2 is needed");
    }

    /** The codec's name, and of H.264 the mode that decides. */
    private static String describe(Section section, RtpMap map) {
        boolean isH264 = map.codec.equalsIgnoreCase("H264");
        return isH264
                ? "H264 with packetization-mode=" + parameter(section, map, "packetization-mode", "0")
                : map.codec;
    }

    private static Stream<RtpMap> maps(Section section) {
        List<String> values = section.attributes("rtpmap");
        return section.formats().stream()
                .flatMap(format -> values.stream()
                        .filter(value -> value.startsWith(format + " "))
                        .limit(1))
                .map(RtpMap::parse)
                .flatMap(Optional::stream);
    }

    private Optional<RtpMap> codec(Section section) {
        if (kind == Media.Kind.AUDIO) {
            return maps(section).filter(map -> map.is("opus", 48_000, 2)).findFirst();
        }
        return maps(section)
                .filter(map -> map.is("H264", 90_000, 1))
                .filter(map ->
                        parameter(section, map, "packetization-mode", "0").equals("1"))
                .min(Comparator.comparingInt(map -> rank(section, map)));
    }

    private static int rank(Section section, RtpMap map) {
        String profile = parameter(section, map, "profile-level-id", "42").toLowerCase(Locale.ROOT);
        if (profile.equals("42e01f")) {
            return 0;
        }
        return profile.startsWith("42") ? 1 : 2;
    }

    private Media read(int index, Section section, RtpMap codec) {
        OptionalInt transportExtension = extension(section, TRANSPORT_URI);
        List<Long> retransmissions = retransmissionSsrcs(section);
        return new Media(
                index,
                kind,
                section.attribute("mid").orElse(""),
                codec.codec,
                codec.payloadType,
                codec.clockRate,
                codec.channels,
                parameters(section, codec.payloadType),
                feedback(section, codec.payloadType, transportExtension.isPresent()),
                rtx(section, codec),
                extension(section, MID_URI),
                transportExtension,
                parameterSets(section, codec),
                ssrcs(section).filter(ssrc -> !retransmissions.contains(ssrc)).toList(),
                retransmissions.stream().mapToLong(ssrc -> ssrc).findFirst());
    }

    private static String parameters(Section section, int payloadType) {
        String prefix = payloadType + " ";
        return section.attributes("fmtp").stream()
                .filter(value -> value.startsWith(prefix))
                .map(value -> value.substring(prefix.length()).strip())
                .findFirst()
                .orElse("");
    }

    private static String parameter(Section section, RtpMap map, String name, String otherwise) {
        return parameter(parameters(section, map.payloadType), name).orElse(otherwise);
    }

    /** The value of one parameter of {@code a=fmtp}; names are matched in any case. */
    static Optional<String> parameter(String parameters, String name) {
        String prefix = name + "=";
        return Stream.of(parameters.split(";", -1))
                .map(String::strip)
                .filter(parameter -> parameter.regionMatches(true, 0, prefix, 0, prefix.length()))
                .map(parameter -> parameter.substring(prefix.length()).strip())
                .findFirst();
    }

    /** Transport-wide feedback means nothing without the numbers that it speaks of. */
    private static List<String> feedback(Section section, int payloadType, boolean hasTransportNumbers) {
        List<String> offered = section.attributes("rtcp-fb");
        return FEEDBACK.stream()
                .filter(name -> offered.contains(payloadType + " " + name) || offered.contains("* " + name))
                .filter(name -> hasTransportNumbers || !name.equals("transport-cc"))
                .toList();
    }

    private static OptionalInt rtx(Section section, RtpMap codec) {
        String associated = Integer.toString(codec.payloadType);
        return maps(section)
                .filter(map -> map.codec.equalsIgnoreCase("rtx") && map.clockRate == codec.clockRate)
                .filter(map -> parameter(section, map, "apt", "").equals(associated))
                .mapToInt(RtpMap::payloadType)
                .findFirst();
    }

    /** The id of {@code a=extmap} (RFC 8285 section 5), which may have a direction behind it. */
    private static OptionalInt extension(Section section, String uri) {
        return section.attributes("extmap").stream()
                .map(value -> value.split(" +", -1))
                .filter(parts -> parts.length >= 2 && parts[1].equals(uri))
                .mapToInt(parts -> Numbers.parse(parts[0].replaceFirst("/.*", ""), 255))
                .filter(id -> id > 0)
                .findFirst();
    }

    private static Stream<Long> ssrcs(Section section) {
        return section.attributes("ssrc").stream()
                .map(value -> Numbers.parse(value.replaceFirst(" .*", ""), MAX_SSRC))
                .filter(ssrc -> ssrc >= 0)
                .distinct()
                .limit(MAX_SSRCS);
    }

    /** The second of each flow identification group (RFC 5576 section 4.2, RFC 4588 section 8.6). */
    private static List<Long> retransmissionSsrcs(Section section) {
        return section.attributes("ssrc-group").stream()
                .map(value -> value.split(" +", -1))
                .filter(parts -> parts.length == 3 && parts[0].equals("FID"))
                .map(parts -> Numbers.parse(parts[2], MAX_SSRC))
                .filter(ssrc -> ssrc >= 0)
                .limit(MAX_SSRCS)
                .toList();
    }

    /** The comma-separated base64 of {@code sprop-parameter-sets} (RFC 6184 section 8.1); none when it is malformed. */
    private static List<ByteBuffer> parameterSets(Section section, RtpMap codec) {
        String value = parameter(section, codec, "sprop-parameter-sets", "");
        try {
            return Stream.of(value.split(",", -1))
                    .filter(set -> !set.isEmpty())
                    .limit(MAX_PARAMETER_SETS)
                    .map(set -> ByteBuffer.wrap(Base64.getDecoder().decode(set)).asReadOnlyBuffer())
                    .toList();
        } catch (IllegalArgumentException malformed) {
            return List.of();
        }
    }
}
