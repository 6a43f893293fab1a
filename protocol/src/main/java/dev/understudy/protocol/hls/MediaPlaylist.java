package dev.understudy.protocol.hls;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An HLS media playlist of fMP4 segments (RFC 8216 section 4.3.3), live while it grows and on demand once it has ended.
 *
 * @param targetSeconds fixed when the playlist is first written; no segment, rounded, exceeds it (section 4.3.3.1)
 * @param parts oldest first; a new part begins wherever codec or timeline changed
 * @param ended whether no segment will follow
 */
public record MediaPlaylist(int targetSeconds, List<Part> parts, boolean ended) {
    /** RFC 3339 with milliseconds, always three digits. */
    static final DateTimeFormatter WALL_TIME = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    /** A path below the playlist, in characters that need no escape. */
    static final Pattern URI = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]*(/[A-Za-z0-9_-][A-Za-z0-9._-]*)*");

    /** What one initialization segment and one timeline span. */
    public record Part(String initUri, Instant startsAt, List<Segment> segments) {
        public Part {
            requireUri(initUri);
            segments = List.copyOf(segments);
        }
    }

    /** One media segment; {@code uri} is relative to the playlist. */
    public record Segment(String uri, Duration duration) {
        public Segment {
            requireUri(uri);
            if (duration.isNegative()) {
                throw new IllegalArgumentException("segment " + uri + " of negative duration: " + duration);
            }
        }
    }

    public MediaPlaylist {
        parts = List.copyOf(parts);
        for (Part part : parts) {
            for (Segment segment : part.segments) {
                if (roundedSeconds(segment.duration) > targetSeconds) {
                    throw new IllegalArgumentException(
                            segment + " is longer than the target of " + targetSeconds + " s");
                }
            }
        }
    }

    /** The nearest whole number of seconds, as section 4.3.3.1 compares with the target. */
    public static long roundedSeconds(Duration duration) {
        return duration.plusMillis(500).toSeconds();
    }

    /** All segments together. */
    public Duration duration() {
        return parts.stream()
                .flatMap(part -> part.segments.stream())
                .map(Segment::duration)
                .reduce(Duration.ZERO, Duration::plus);
    }

    /** The playlist as players read it, lines ended by LF. */
    public String text() {
        StringBuilder out = new StringBuilder("#EXTM3U\n#EXT-X-VERSION:7\n");
        out.append("#EXT-X-TARGETDURATION:").append(targetSeconds).append('\n');
        out.append("#EXT-X-PLAYLIST-TYPE:").append(ended ? "VOD" : "EVENT").append('\n');
        out.append("#EXT-X-INDEPENDENT-SEGMENTS\n");
        for (int i = 0; i < parts.size(); i++) {
            if (i > 0) {
                out.append("#EXT-X-DISCONTINUITY\n");
            }
            append(parts.get(i), out);
        }
        if (ended) {
            out.append("#EXT-X-ENDLIST\n");
        }
        return out.toString();
    }

    /**
     * Reads a playlist as strictly as {@link #text} writes it, byte for byte.
     *
     * @return null for any other text
     */
    public static @Nullable MediaPlaylist parse(String text) {
        return MediaPlaylistReader.read(text);
    }

    private static void append(Part part, StringBuilder out) {
        out.append("#EXT-X-MAP:URI=\"").append(part.initUri).append("\"\n");
        out.append("#EXT-X-PROGRAM-DATE-TIME:")
                .append(WALL_TIME.format(part.startsAt))
                .append('\n');
        for (Segment segment : part.segments) {
            out.append("#EXTINF:");
            appendSeconds(segment.duration, out);
            out.append(",\n").append(segment.uri).append('\n');
        }
    }

    /** With five decimals. By hand, because the playlist of a day has 43 200 of them and is written with each segment. */
    private static void appendSeconds(Duration duration, StringBuilder out) {
        long hundredThousandths = (duration.toNanos() + 5_000) / 10_000;
        String decimals = Long.toString(hundredThousandths % 100_000);
        out.append(hundredThousandths / 100_000).append('.').append("0".repeat(5 - decimals.length()));
        out.append(decimals);
    }

    private static void requireUri(String uri) {
        if (!URI.matcher(uri).matches()) {
            throw new IllegalArgumentException("no relative URI of plain characters: " + uri);
        }
    }
}
