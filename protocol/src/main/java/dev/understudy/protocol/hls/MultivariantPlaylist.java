package dev.understudy.protocol.hls;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** An HLS multivariant playlist (RFC 8216 section 4.3.4): the renditions of one recording or stream, in order of preference. */
public record MultivariantPlaylist(List<Variant> variants) {
    private static final String HEAD = "#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-INDEPENDENT-SEGMENTS\n";
    private static final Pattern VARIANT = Pattern.compile("#EXT-X-STREAM-INF:BANDWIDTH=(\\d{1,12})"
            + "(?:,AVERAGE-BANDWIDTH=(\\d{1,12}))?,RESOLUTION=(\\d{1,5})x(\\d{1,5}),FRAME-RATE=(\\d{1,4}\\.\\d{3})"
            + ",CODECS=\"([A-Za-z0-9.,]{1,64})\"\n(" + MediaPlaylist.URI + ")\n");

    /**
     * One rendition (section 4.3.4.2).
     *
     * @param uri of its media playlist, relative to this one
     * @param bandwidth bits a second of its heaviest segment
     * @param averageBandwidth bits a second of the whole, once that is known
     * @param frameRate frames a second
     * @param codecs as RFC 6381 spells them
     */
    public record Variant(
            String uri,
            long bandwidth,
            OptionalLong averageBandwidth,
            int width,
            int height,
            double frameRate,
            String codecs) {}

    public MultivariantPlaylist {
        variants = List.copyOf(variants);
    }

    /** The playlist as players read it, lines ended by LF. */
    public String text() {
        StringBuilder out = new StringBuilder(HEAD);
        for (Variant variant : variants) {
            out.append("#EXT-X-STREAM-INF:BANDWIDTH=").append(variant.bandwidth);
            variant.averageBandwidth.ifPresent(
                    average -> out.append(",AVERAGE-BANDWIDTH=").append(average));
            out.append(",RESOLUTION=").append(variant.width).append('x').append(variant.height);
            out.append(String.format(Locale.ROOT, ",FRAME-RATE=%.3f", variant.frameRate));
            out.append(",CODECS=\"").append(variant.codecs).append("\"\n");
            out.append(variant.uri).append('\n');
        }
        return out.toString();
    }

    /**
     * Reads a playlist as strictly as {@link #text} writes it, byte for byte.
     *
     * @return null for any other text
     */
    public static @Nullable MultivariantPlaylist parse(String text) {
        if (!text.startsWith(HEAD)) {
            return null;
        }
        List<Variant> variants = new ArrayList<>();
        Matcher matcher = VARIANT.matcher(text).region(HEAD.length(), text.length());
        while (matcher.lookingAt()) {
            variants.add(variant(matcher));
            matcher.region(matcher.end(), text.length());
        }
        MultivariantPlaylist playlist = new MultivariantPlaylist(variants);
        return playlist.text().equals(text) ? playlist : null;
    }

    private static Variant variant(Matcher line) {
        String average = line.group(2);
        return new Variant(
                line.group(7),
                Long.parseLong(line.group(1)),
                average == null ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(average)),
                Integer.parseInt(line.group(3)),
                Integer.parseInt(line.group(4)),
                Double.parseDouble(line.group(5)),
                line.group(6));
    }
}
